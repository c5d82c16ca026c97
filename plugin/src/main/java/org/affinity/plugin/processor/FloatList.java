/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;

/**
 * A vector as the list of numbers that a document holds. Four bytes a number, and documents that
 * get the same vector share it, until a later processor changes the list: then it becomes one of
 * its own.
 */
final class FloatList extends AbstractList<Object> implements RandomAccess {

  private final float[] shared;
  private List<Object> own;

  /**
   * @param values not copied, never changed
   */
  FloatList(float[] values) {
    this.shared = values;
  }

  @Override
  public Object get(int index) {
    return own == null ? (Object) shared[index] : own.get(index);
  }

  @Override
  public int size() {
    return own == null ? shared.length : own.size();
  }

  @Override
  public Object set(int index, Object value) {
    return own().set(index, value);
  }

  @Override
  public void add(int index, Object value) {
    own().add(index, value);
    modCount++;
  }

  @Override
  public Object remove(int index) {
    Object removed = own().remove(index);
    modCount++;
    return removed;
  }

  private List<Object> own() {
    if (own == null) {
      List<Object> copy = new ArrayList<>(shared.length);
      for (float value : shared) {
        copy.add(value);
      }
      own = copy;
    }
    return own;
  }
}
