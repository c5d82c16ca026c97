/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Stored documents whose vectors are on disk once: JSON with its vectors cut out ({@link
 * org.affinity.ann.source.CutSource}), and stored fields that put them back as they are read
 * ({@link org.affinity.ann.source.RestoringStoredFieldsFormat}).
 *
 * <p>May depend on lucene-core only.
 */
package org.affinity.ann.source;
