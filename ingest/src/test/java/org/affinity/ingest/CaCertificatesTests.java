/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CaCertificatesTests {
  private static final char[] PASSWORD = "password".toCharArray();

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private void keytool(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command).directory(folder.getRoot()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(said, 0, process.waitFor());
  }

  private SSLContext selfSigned(String name) throws Exception {
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-ext",
        "san=ip:127.0.0.1",
        "-keystore",
        name + ".p12",
        "-storepass",
        "password");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        name,
        "-keystore",
        name + ".p12",
        "-storepass",
        "password",
        "-file",
        name + ".pem");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(path(name + ".p12"))) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private Path path(String name) {
    return folder.getRoot().toPath().resolve(name);
  }

  @Test
  public void testAServerIsTrustedByItsAuthorityAlone() throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned("one")));
    selfSigned("other");
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      Endpoint endpoint = Endpoint.of("https://127.0.0.1:" + server.getAddress().getPort());
      ServerConnection trusting =
          new ServerConnection(endpoint, CaCertificates.trust(path("one.pem")));
      assertEquals(200, trusting.send("GET", "/").status());
      ServerConnection wary =
          new ServerConnection(endpoint, CaCertificates.trust(path("other.pem")));
      assertThrows(SSLException.class, () -> wary.send("GET", "/"));
      ServerConnection usual = new ServerConnection(endpoint);
      assertThrows(SSLException.class, () -> usual.send("GET", "/"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  public void testWhatIsNoCertificateIsRefused() throws Exception {
    Path text = Files.writeString(path("text"), "no certificate");
    IOException e = assertThrows(LoadException.class, () -> CaCertificates.trust(text));
    assertTrue(e.getMessage(), e.getMessage().startsWith(text + " "));
    Path empty = Files.createFile(path("empty"));
    e = assertThrows(LoadException.class, () -> CaCertificates.trust(empty));
    assertTrue(e.getMessage(), e.getMessage().contains("holds no certificate"));
  }
}
