/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

public class ServerConnectionTests {
  private final AtomicInteger followed = new AtomicInteger();
  private HttpServer server;

  @Before
  public void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
          exchange.getResponseHeaders().set("Location", "/elsewhere/");
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.createContext(
        "/elsewhere/",
        exchange -> {
          followed.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  @After
  public void stopServer() {
    server.stop(0);
  }

  @Test
  public void testNoRedirectIsFollowed() {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    ServerConnection connection = new ServerConnection(Endpoint.of(url).withBasicAuth("u:p"));
    for (int status : new int[] {301, 302, 303, 307, 308}) {
      for (String method : new String[] {"GET", "POST"}) {
        IOException e =
            assertThrows(LoadException.class, () -> connection.send(method, "/" + status));
        String expected = url + " answered " + status + ", a redirect to /elsewhere/";
        assertTrue(e.getMessage(), e.getMessage().startsWith(expected));
      }
    }
    assertEquals(0, followed.get());
  }

  @Test
  public void testARefusedUrlDoesNotTellAPassword() {
    for (String url :
        List.of(
            "http://ann:s3cret@localhost:9200",
            "ann:s3cret@localhost:9200",
            "http://ann:s3 cret@localhost",
            "https://ann:s3cret@local_host:9200",
            "//ann:s3cret@localhost")) {
      IllegalArgumentException e =
          assertThrows(url, IllegalArgumentException.class, () -> Endpoint.of(url));
      assertTrue(e.getMessage(), e.getMessage().contains("the login with --user"));
      assertFalse(e.toString(), e.toString().contains("cret"));
      assertNull(e.getCause());
    }
    assertEquals("http://localhost/a@b", Endpoint.of("http://localhost/a@b").toString());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Endpoint.of("localhost:9200"));
    assertTrue(e.getMessage(), e.getMessage().startsWith("'localhost:9200' is no server's URL"));
  }
}
