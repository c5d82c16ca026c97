/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The authorities whose certificates a server may show, from a PEM file. */
public final class CaCertificates {
  private CaCertificates() {}

  /**
   * Trusts the certificates of a file, and no others; host names are checked as ever.
   *
   * @param pem a file of one or more certificates, {@code -----BEGIN CERTIFICATE-----}
   * @throws IOException if it cannot be read or holds none
   */
  public static SSLContext trust(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> certificates = parse(pem, in);
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new LoadException(pem + " cannot be trusted: " + e.getMessage(), e);
    }
  }

  private static Collection<? extends Certificate> parse(Path pem, InputStream in)
      throws IOException, GeneralSecurityException {
    Collection<? extends Certificate> certificates;
    try {
      certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (CertificateException e) {
      throw new LoadException(pem + " is no PEM file of certificates: " + e.getMessage(), e);
    }
    if (certificates.isEmpty()) {
      throw new LoadException(
          pem + " holds no certificate; it must be PEM, with -----BEGIN CERTIFICATE-----");
    }
    return certificates;
  }
}
