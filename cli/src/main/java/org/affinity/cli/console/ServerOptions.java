/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.console;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.affinity.ingest.CaCertificates;
import org.affinity.ingest.Endpoint;
import org.affinity.ingest.ServerConnection;
import picocli.CommandLine.Option;

/** The options that say where the server is and who asks. */
public final class ServerOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:AFFINITY_URL:-http://localhost:9200}",
      description = "The server (default: $AFFINITY_URL, or http://localhost:9200).")
  private String url;

  @Option(
      names = "--user",
      paramLabel = "USER[:PASSWORD]",
      description = "Log in; without :PASSWORD it is taken from $$AFFINITY_PASSWORD.")
  private String user;

  @Option(
      names = "--header",
      paramLabel = "NAME:VALUE",
      description = "Send a header with every request; may be repeated.")
  private List<String> headers = List.of();

  @Option(
      names = "--ca-cert",
      paramLabel = "PEM",
      description = "Trust the certificates in a file, instead of those that Java trusts.")
  private Path caCert;

  /** A connection as the options say. */
  public ServerConnection connect() throws IOException {
    Endpoint endpoint = Endpoint.of(url);
    if (user != null) {
      endpoint = endpoint.withBasicAuth(login(System.getenv("AFFINITY_PASSWORD")));
    }
    for (Map.Entry<String, String> header : headers().entrySet()) {
      endpoint = endpoint.withHeader(header.getKey(), header.getValue());
    }
    if (caCert == null) {
      return new ServerConnection(endpoint);
    }
    if (!"https".equals(endpoint.base().getScheme())) {
      throw new IllegalArgumentException(
          "--ca-cert is for https, but the server is " + endpoint + "; say --url https://…");
    }
    return new ServerConnection(endpoint, CaCertificates.trust(caCert));
  }

  private String login(String password) {
    if (user.indexOf(':') >= 0) {
      return user;
    }
    if (password == null) {
      throw new IllegalArgumentException(
          "--user " + user + " needs a password: --user " + user + ":…, or AFFINITY_PASSWORD");
    }
    return user + ":" + password;
  }

  private Map<String, String> headers() {
    Map<String, String> map = new LinkedHashMap<>();
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException(
            "a header has the form name:value, and one that is given has no "
                + (colon < 0 ? "colon" : "name before its colon"));
      }
      map.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    return map;
  }
}
