/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of the demo's catalogues, queries and tables. */
package org.affinity.cli.demo;
