/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What reports that measure a running server share: indices of one shard and one segment, made and
 * filled over HTTP.
 */
package org.affinity.bench.http;
