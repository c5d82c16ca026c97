/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** JSON over HTTP to one server, and to no other; safe for use by several threads. */
public final class ServerConnection {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofMinutes(3);

  private final JsonMapper mapper = new JsonMapper();
  private final Endpoint endpoint;
  private final HttpClient client;

  /** A connection to an endpoint, trusting whom Java trusts; nothing is sent yet. */
  public ServerConnection(Endpoint endpoint) {
    this(endpoint, client().build());
  }

  /** A connection to an endpoint, trusting what a context says; nothing is sent yet. */
  public ServerConnection(Endpoint endpoint, SSLContext trust) {
    this(endpoint, client().sslContext(trust).build());
  }

  private ServerConnection(Endpoint endpoint, HttpClient client) {
    this.endpoint = endpoint;
    this.client = client;
  }

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT)
        .followRedirects(HttpClient.Redirect.NEVER);
  }

  /** Where this leads. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** A request without a body. */
  public Reply send(String method, String path) throws IOException, InterruptedException {
    return send(method, path, new byte[0], "application/json");
  }

  /** A request with a JSON body. */
  public Reply send(String method, String path, String json)
      throws IOException, InterruptedException {
    return send(method, path, json.getBytes(StandardCharsets.UTF_8), "application/json");
  }

  Reply send(String method, String path, byte[] body, String type)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = exchange(method, path, body, type);
    return new Reply(response.statusCode(), parse(response.body()));
  }

  /** A request with a JSON body, whose answer is not parsed. */
  public RawReply sendRaw(String method, String path, String json)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        exchange(method, path, json.getBytes(StandardCharsets.UTF_8), "application/json");
    return new RawReply(response.statusCode(), response.body());
  }

  private HttpResponse<byte[]> exchange(String method, String path, byte[] body, String type)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve(path))
            .timeout(ANSWER)
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (body.length > 0) {
      request.setHeader("Content-Type", type);
    }
    endpoint.headers().forEach(request::setHeader);
    HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
    refuseRedirect(response);
    return response;
  }

  /** Headers may hold a password, and are for this server alone. */
  private void refuseRedirect(HttpResponse<byte[]> response) throws LoadException {
    int status = response.statusCode();
    if (status >= 300 && status < 400) {
      throw new LoadException(
          "%s answered %d, a redirect to %s; redirects are not followed, give the server's own URL"
              .formatted(
                  endpoint, status, response.headers().firstValue("Location").orElse("nowhere")));
    }
  }

  private JsonNode parse(byte[] body) throws IOException {
    if (body.length == 0) {
      return mapper.createObjectNode();
    }
    try {
      return mapper.readTree(body);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(new String(body, StandardCharsets.UTF_8));
    }
  }

  /** A name as one segment of a path. */
  public static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
