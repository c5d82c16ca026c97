/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import org.junit.rules.ExternalResource;

/** One server for a test class, with the plugin installed. */
final class SharedServer extends ExternalResource {

  private Server server;

  Server server() {
    return server;
  }

  @Override
  protected void before() throws Throwable {
    server = Server.create();
    try {
      server.install().start();
    } catch (Throwable e) {
      after(); // JUnit does so only when this succeeded
      throw e;
    }
  }

  @Override
  protected void after() {
    try {
      server.close();
      server = null;
    } catch (Exception e) {
      throw new AssertionError("the server did not stop", e);
    }
  }
}
