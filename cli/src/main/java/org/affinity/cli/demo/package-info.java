/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The demo: a catalogue of books and readers, and three searches for three of them.
 *
 * <p>{@link org.affinity.cli.demo.DemoCommand} is the entry point. A {@code Catalogue} is generated
 * or read from files; everything shown as a ranking comes from the server. May depend on {@code
 * org.affinity.cli.console} and what that may depend on.
 */
package org.affinity.cli.demo;
