/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/**
 * What a server answered.
 *
 * @param status the HTTP status
 * @param body the JSON of the body; a text node where the body is no JSON
 */
public record Reply(int status, JsonNode body) {
  /** True for 200 to 299. */
  public boolean isOk() {
    return status >= 200 && status < 300;
  }

  /** True for what a server answers that is busy or not all there, and may not be soon. */
  static boolean isPassing(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }

  /** The reason where there is no reply at all. */
  static String none(IOException e) {
    String message = e.getMessage() == null ? "" : ": " + e.getMessage();
    return "no answer (" + e.getClass().getSimpleName() + message + ")";
  }

  /** The server's reason for an error, as short as it can be said. */
  public String reason() {
    JsonNode error = body.path("error");
    return error.isMissingNode() ? shorten(body.asText("")) : reasonOf(error);
  }

  /** The text of an {@code error} object: its type, reason, and the innermost cause's reason. */
  static String reasonOf(JsonNode error) {
    if (error.isTextual()) {
      return shorten(error.asText());
    }
    StringBuilder text = new StringBuilder(error.path("type").asText("error"));
    String last = "";
    for (JsonNode cause = error; cause.isObject(); cause = cause.path("caused_by")) {
      String reason = cause.path("reason").asText("");
      if (!reason.isEmpty() && !last.contains(reason)) {
        text.append(": ").append(reason);
        last = reason;
      }
    }
    return shorten(text.toString());
  }

  private static String shorten(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= 500 ? line : line.substring(0, 499) + "…";
  }
}
