/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import com.carrotsearch.randomizedtesting.ThreadFilter;
import com.carrotsearch.randomizedtesting.annotations.Name;
import com.carrotsearch.randomizedtesting.annotations.ParametersFactory;
import com.carrotsearch.randomizedtesting.annotations.ThreadLeakFilters;
import java.net.URI;
import org.junit.Before;
import org.junit.ClassRule;
import org.opensearch.test.rest.yaml.ClientYamlTestCandidate;
import org.opensearch.test.rest.yaml.OpenSearchClientYamlSuiteTestCase;

/**
 * The YAML suite in {@code rest-api-spec/test}, run by OpenSearch's own runner, which draws for
 * each request a method, a path and a content type (JSON, YAML, CBOR, Smile) of those there are. A
 * test begins with the documents of {@code fixtures/suite.http} and ends with an empty server.
 */
@ThreadLeakFilters(filters = RestSuiteIT.OfTheServer.class)
public class RestSuiteIT extends OpenSearchClientYamlSuiteTestCase {

  @ClassRule public static final SharedServer SERVER = new SharedServer();

  /** Threads of the process and of the connections to it. */
  public static final class OfTheServer implements ThreadFilter {
    @Override
    public boolean reject(Thread thread) {
      return thread.getName().startsWith("process reaper")
          || thread.getName().startsWith("HttpClient-");
    }
  }

  public RestSuiteIT(@Name("yaml") ClientYamlTestCandidate candidate) {
    super(candidate);
  }

  @ParametersFactory
  public static Iterable<Object[]> parameters() throws Exception {
    return createParameters();
  }

  @Override
  protected String getTestRestCluster() {
    URI uri = URI.create(SERVER.server().url());
    return uri.getHost() + ":" + uri.getPort();
  }

  @Before
  public void loadDocuments() throws Exception {
    ConsoleFile.fixture("suite.http").sendAll(SERVER.server());
  }
}
