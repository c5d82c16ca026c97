/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.net.URI;
import java.net.URISyntaxException;
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
  /** Checks the URL, which holds no login, and copies the headers. */
  public Endpoint {
    if (base.getHost() == null
        || base.getRawUserInfo() != null
        || !("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
      throw refused(base.toString());
    }
    headers = Map.copyOf(headers);
  }

  /** A server without login or headers. */
  @SuppressWarnings("UnusedException") // its message holds the URL, and that perhaps a password
  public static Endpoint of(String url) {
    URI base;
    try {
      base = new URI(url);
    } catch (URISyntaxException e) {
      throw refused(url);
    }
    return new Endpoint(base, Map.of());
  }

  /** What has an @ may hold a password, and is not repeated. */
  private static IllegalArgumentException refused(String url) {
    return new IllegalArgumentException(
        url.indexOf('@') >= 0
            ? "the server's URL has an @ in it: give one like http://localhost:9200, and the login"
                + " with --user"
            : "'" + url + "' is no server's URL; give one like http://localhost:9200");
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
