/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/**
 * What a server answered, unparsed.
 *
 * @param status the HTTP status
 * @param body the body; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; a copy would double a large answer
public record RawReply(int status, byte[] body) {}
