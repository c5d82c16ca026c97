/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

/**
 * Something a person did.
 *
 * @param item its id; null if it could not be read
 * @param action may be null
 * @param time milliseconds since 1970; null if it is not said or could not be read
 */
record Event(String item, String action, Long time) {}
