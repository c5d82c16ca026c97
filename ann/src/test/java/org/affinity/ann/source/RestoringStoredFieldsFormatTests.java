/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import org.affinity.ann.codec.DerivedSourceCodec;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.tests.index.BaseStoredFieldsFormatTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** Lucene's own tests of a stored-fields format. */
public class RestoringStoredFieldsFormatTests extends BaseStoredFieldsFormatTestCase {

  @Override
  protected Codec getCodec() {
    Codec delegate = TestUtil.getDefaultCodec();
    return new DerivedSourceCodec(delegate, delegate.knnVectorsFormat());
  }
}
