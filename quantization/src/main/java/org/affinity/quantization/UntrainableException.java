/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

/** A sample from which no codebook worth having can be learned; the message says why. */
public final class UntrainableException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  UntrainableException(String message) {
    super(message);
  }
}
