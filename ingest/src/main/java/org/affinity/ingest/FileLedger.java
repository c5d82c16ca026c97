/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A ledger in two files: the state file, from which a load is resumed, and the rejects file, JSON
 * lines of {@code row}, {@code id} and {@code reason}, made when the first row is rejected.
 *
 * <p>Rejects are written before the state that counts them, and the state says how long the rejects
 * file is: after a crash between the two, resuming cuts it back, so no row is listed twice.
 */
public final class FileLedger implements LoadLedger, Closeable {
  private final JsonMapper mapper = new JsonMapper();
  private final Path state;
  private final Path rejects;
  private Checkpoint checkpoint;
  private FileChannel rejectsChannel;

  private FileLedger(Path state, Path rejects, Checkpoint checkpoint) {
    this.state = state;
    this.rejects = rejects;
    this.checkpoint = checkpoint;
  }

  /**
   * Starts anew; files of an earlier load of the same names are dropped.
   *
   * @param files where to write
   * @param sources the files that are loaded
   * @param target where they are loaded to
   * @return a ledger at row 0
   * @throws IOException if the files cannot be written, or are among the sources
   */
  public static FileLedger start(LedgerFiles files, List<Path> sources, BulkTarget target)
      throws IOException {
    files.requireApart(sources);
    Files.deleteIfExists(files.rejects());
    Checkpoint checkpoint = Checkpoint.start(job(sources, target));
    checkpoint.write(files.state());
    return new FileLedger(files.state(), files.rejects(), checkpoint);
  }

  /**
   * Goes on where an earlier run stopped; starts anew where there is no state file.
   *
   * @param files where the earlier run wrote
   * @param sources the files that are loaded
   * @param target where they are loaded to
   * @return a ledger at the row that was reached
   * @throws IOException if the state is of another load, with what differs
   */
  public static FileLedger resume(LedgerFiles files, List<Path> sources, BulkTarget target)
      throws IOException {
    if (!Files.exists(files.state())) {
      return start(files, sources, target);
    }
    files.requireApart(sources);
    Checkpoint checkpoint = Checkpoint.read(files.state());
    refuseOther(files.state(), checkpoint.job(), job(sources, target));
    FileLedger ledger = new FileLedger(files.state(), files.rejects(), checkpoint);
    if (Files.exists(files.rejects())) {
      ledger.openRejects();
      ledger.rejectsChannel.truncate(checkpoint.rejectsBytes());
    }
    return ledger;
  }

  private static Checkpoint.Job job(List<Path> sources, BulkTarget target) throws IOException {
    SourceIdentity[] identities = new SourceIdentity[sources.size()];
    for (int i = 0; i < identities.length; i++) {
      identities[i] = SourceIdentity.of(sources.get(i));
    }
    return new Checkpoint.Job(
        List.of(identities), target.index(), target.indexId(), target.field());
  }

  private static void refuseOther(Path state, Checkpoint.Job then, Checkpoint.Job now)
      throws LoadException {
    String what;
    if (!then.sources().equals(now.sources())) {
      what = "another file, or the file has changed since: " + then.sources();
    } else if (!then.index().equals(now.index()) || !then.field().equals(now.field())) {
      what = "field '" + then.field() + "' of index '" + then.index() + "'";
    } else if (!then.indexId().equals(now.indexId())) {
      what = "an index '" + then.index() + "' that was since deleted and made again";
    } else {
      return;
    }
    throw new LoadException(
        "cannot resume: " + state + " is of a load of " + what + "; load without --resume");
  }

  @Override
  public long settledRow() {
    return checkpoint.rows();
  }

  /** Documents stored since the load began, over all its runs. */
  public long loaded() {
    return checkpoint.loaded();
  }

  /** Rows rejected since the load began, over all its runs. */
  public long rejected() {
    return checkpoint.rejected();
  }

  @Override
  public void settle(long lastRow, long loaded, List<Row.Rejected> rejected) throws IOException {
    if (!rejected.isEmpty()) {
      append(rejected);
    }
    checkpoint =
        new Checkpoint(
            checkpoint.job(),
            lastRow,
            checkpoint.loaded() + loaded,
            checkpoint.rejected() + rejected.size(),
            rejectsChannel == null ? 0 : rejectsChannel.position());
    checkpoint.write(state);
  }

  /** The load is complete: nothing is left to resume, and the state file goes. */
  public void complete() throws IOException {
    Files.deleteIfExists(state);
  }

  private void append(List<Row.Rejected> rejected) throws IOException {
    if (rejectsChannel == null) {
      openRejects();
    }
    StringBuilder lines = new StringBuilder();
    for (Row.Rejected row : rejected) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("row", row.number());
      line.put("id", row.id());
      line.put("reason", row.reason());
      lines.append(mapper.writeValueAsString(line)).append('\n');
    }
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
    while (bytes.hasRemaining()) {
      rejectsChannel.write(bytes);
    }
    rejectsChannel.force(true);
  }

  private void openRejects() throws IOException {
    rejectsChannel = FileChannel.open(rejects, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    rejectsChannel.position(Math.min(checkpoint.rejectsBytes(), rejectsChannel.size()));
  }

  @Override
  public void close() throws IOException {
    if (rejectsChannel != null) {
      rejectsChannel.close();
    }
  }
}
