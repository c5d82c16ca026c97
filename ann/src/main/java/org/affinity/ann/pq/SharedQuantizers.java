/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.affinity.quantization.ProductQuantizer;

/**
 * Keeps equal quantizers of open segments on the heap once: a shard's segments share theirs, which
 * are of megabytes. Holds none that nobody else does. Safe for use by any number of threads.
 */
public final class SharedQuantizers {

  private final Map<ProductQuantizer, WeakReference<ProductQuantizer>> known = new WeakHashMap<>();

  /** The one that stands for all equal ones; this one if it is the first. */
  public synchronized ProductQuantizer shared(ProductQuantizer quantizer) {
    WeakReference<ProductQuantizer> reference = known.get(quantizer);
    ProductQuantizer first = reference == null ? null : reference.get();
    if (first != null) {
      return first;
    }
    known.put(quantizer, new WeakReference<>(quantizer));
    return quantizer;
  }
}
