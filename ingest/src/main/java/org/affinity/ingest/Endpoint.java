/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a server is and what to send with every request.
 *
 * @param base the server's URL, perhaps with a path before its own
 * @param headers sent with every request
 */
public record Endpoint(URI base, Map<String, String> headers) {
  /** Checks the URL and copies the headers. */
  public Endpoint {
    if (base.getHost() == null
        || !("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
      throw new IllegalArgumentException(
          "'" + base + "' is no server's URL; give one like http://localhost:9200");
    }
    headers = Map.copyOf(headers);
  }

  /** A server without login or headers. */
  public static Endpoint of(String url) {
    try {
      return new Endpoint(URI.create(url), Map.of());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + url + "' is no server's URL; give one like http://localhost:9200", e);
    }
  }

  /** The same server, with a user and password in the form {@code user:password}. */
  public Endpoint withBasicAuth(String login) {
    if (login.indexOf(':') < 0) {
      throw new IllegalArgumentException("a login has the form user:password");
    }
    byte[] bytes = login.getBytes(StandardCharsets.UTF_8);
    return withHeader("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  /** The same server, with one more header. */
  public Endpoint withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Endpoint(base, more);
  }

  /** The URL of a path, which starts with a slash, and may end with a query. */
  URI resolve(String path) {
    String root = base.toString();
    return URI.create(
        root.endsWith("/") ? root.substring(0, root.length() - 1) + path : root + path);
  }

  /** Without headers: they may hold a password. */
  @Override
  public String toString() {
    return base.toString();
  }
}
