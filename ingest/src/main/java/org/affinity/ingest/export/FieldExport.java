/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.EmbeddingWriter;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.LoadListener;
import org.affinity.ingest.LoadProgress;
import org.affinity.ingest.RetryPolicy;
import org.affinity.ingest.ServerConnection;

/**
 * Reads the vectors of a field out of an index, every document once, in the order in which shards
 * hold them, as the index was when the export began.
 */
public final class FieldExport {
  /** A page's share of memory, where a number takes up to 12 characters. */
  private static final int PAGE_BYTES = 4 << 20;

  private static final int LARGEST_PAGE = 2_000;

  private final JsonMapper mapper = new JsonMapper(new JsonFactory());
  private final ServerConnection server;
  private final BulkTarget source;
  private final JsonNode filter;
  private final RetryPolicy retry;

  /**
   * An export of one field of one index.
   *
   * @param server the server
   * @param source the index and field
   * @param filter a query that documents must match, as JSON; null for all
   * @param retry what to do when the server is busy
   */
  public FieldExport(
      ServerConnection server, BulkTarget source, JsonNode filter, RetryPolicy retry) {
    this.server = server;
    this.source = source;
    this.filter = filter;
    this.retry = retry;
  }

  /** Makes the writer, once it is known how many vectors there are. */
  @FunctionalInterface
  public interface Output {
    /**
     * Opens the place to write to.
     *
     * @param vectors how many vectors will come
     */
    EmbeddingWriter open(long vectors) throws IOException;
  }

  /**
   * Writes all vectors, and closes the writer.
   *
   * @param output where to
   * @param listener is told of the progress, in vectors
   * @throws IOException if reading or writing fails; the file is then not complete
   */
  public ExportReport run(Output output, LoadListener listener)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    PointInTime index = PointInTime.open(server, source.index(), retry);
    try {
      long documents = count(index, false);
      long vectors = count(index, true);
      long exported;
      try (EmbeddingWriter writer = output.open(vectors)) {
        exported = copy(index, vectors, writer, listener);
      }
      if (exported != vectors) {
        throw new LoadException(
            "%,d vectors came instead of %,d; nothing was written".formatted(exported, vectors));
      }
      return new ExportReport(exported, documents - vectors, (System.nanoTime() - start) / 1e9);
    } finally {
      index.close();
    }
  }

  private long count(PointInTime index, boolean withVector)
      throws IOException, InterruptedException {
    ObjectNode search = mapper.createObjectNode().put("size", 0).put("track_total_hits", true);
    search.set("query", query(withVector));
    return mapper.readTree(index.search(search)).path("hits").path("total").path("value").asLong();
  }

  private ObjectNode query(boolean withVector) {
    ObjectNode query = mapper.createObjectNode();
    var filters = query.putObject("bool").putArray("filter");
    if (filter != null) {
      filters.add(filter);
    }
    if (withVector) {
      filters.addObject().putObject("exists").put("field", source.field());
    }
    return query;
  }

  private long copy(PointInTime index, long vectors, EmbeddingWriter writer, LoadListener listener)
      throws IOException, InterruptedException {
    int size = Math.clamp(PAGE_BYTES / (12L * source.dimension() + 200), 1, LARGEST_PAGE);
    ObjectNode search = mapper.createObjectNode().put("size", size).put("track_total_hits", false);
    search.set("query", query(true));
    search.putArray("sort").addObject().put("_shard_doc", "asc");
    search.putObject("_source").putArray("includes").add(source.field());
    HitsPage hits = new HitsPage(source);
    long exported = 0;
    while (true) {
      HitsPage.Read page = hits.read(index.search(search), writer);
      exported += page.hits();
      listener.progress(new LoadProgress(exported, 0, exported, vectors));
      if (page.hits() < size) {
        return exported;
      }
      search.putArray("search_after").add(page.last());
    }
  }
}
