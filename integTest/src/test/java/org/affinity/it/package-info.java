/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a user sees: the official distribution, our zip installed by its own installer, and HTTP. No
 * class of the project is imported.
 */
package org.affinity.it;
