/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A ledger in two files: the state file, from which a load is resumed, and the rejects file, JSON
 * lines of {@code row}, {@code id} and {@code reason}, made when the first row is rejected.
 *
 * <p>Rejects are written before the state that counts them, and the state says how long the rejects
 * file is: after a crash between the two, resuming cuts it back, so no row is listed twice.
 */
public final class FileLedger implements LoadLedger, Closeable {
  private final Path state;
  private final RejectsFile rejects;
  private final boolean resumed;
  private Checkpoint checkpoint;

  private FileLedger(Path state, RejectsFile rejects, Checkpoint checkpoint, boolean resumed) {
    this.state = state;
    this.rejects = rejects;
    this.checkpoint = checkpoint;
    this.resumed = resumed;
  }

  /** {@link #start(LedgerFiles, List, BulkTarget, Map)} of a load without options. */
  public static FileLedger start(LedgerFiles files, List<Path> sources, BulkTarget target)
      throws IOException {
    return start(files, sources, target, Map.of());
  }

  /**
   * Starts anew; files of an earlier load of the same names are dropped.
   *
   * @param files where to write
   * @param sources the files that are loaded
   * @param target where they are loaded to
   * @param options the options that change what is stored, by name
   * @return a ledger at row 0
   * @throws IOException if the files cannot be written, or are among the sources
   */
  public static FileLedger start(
      LedgerFiles files, List<Path> sources, BulkTarget target, Map<String, String> options)
      throws IOException {
    files.requireApart(sources);
    RejectsFile rejects = RejectsFile.start(files.rejects());
    Checkpoint checkpoint = Checkpoint.start(job(sources, target, options));
    checkpoint.write(files.state());
    return new FileLedger(files.state(), rejects, checkpoint, false);
  }

  /** {@link #resume(LedgerFiles, List, BulkTarget, Map)} of a load without options. */
  public static FileLedger resume(LedgerFiles files, List<Path> sources, BulkTarget target)
      throws IOException {
    return resume(files, sources, target, Map.of());
  }

  /**
   * Goes on where an earlier run stopped; starts anew where there is no state file.
   *
   * @param files where the earlier run wrote
   * @param sources the files that are loaded
   * @param target where they are loaded to
   * @param options the options that change what is stored, by name
   * @return a ledger at the row that was reached
   * @throws IOException if the state is of another load, with what differs
   */
  public static FileLedger resume(
      LedgerFiles files, List<Path> sources, BulkTarget target, Map<String, String> options)
      throws IOException {
    if (!Files.exists(files.state())) {
      return start(files, sources, target, options);
    }
    files.requireApart(sources);
    Checkpoint checkpoint = Checkpoint.read(files.state());
    refuseOther(files.state(), checkpoint.job(), job(sources, target, options));
    RejectsFile rejects = RejectsFile.resume(files.rejects(), checkpoint.rejectsBytes());
    return new FileLedger(files.state(), rejects, checkpoint, true);
  }

  private static Checkpoint.Job job(
      List<Path> sources, BulkTarget target, Map<String, String> options) throws IOException {
    SourceIdentity[] identities = new SourceIdentity[sources.size()];
    for (int i = 0; i < identities.length; i++) {
      identities[i] = SourceIdentity.of(sources.get(i));
    }
    return new Checkpoint.Job(
        List.of(identities),
        target.index(),
        target.indexId(),
        target.field(),
        new TreeMap<>(options));
  }

  private static void refuseOther(Path state, Checkpoint.Job then, Checkpoint.Job now)
      throws LoadException {
    String what;
    if (!then.options().equals(now.options())) {
      what = "a load with other options: " + difference(then.options(), now.options());
    } else if (!then.sources().equals(now.sources())) {
      what = "a load of another file, or the file has changed since: " + then.sources();
    } else if (!then.index().equals(now.index()) || !then.field().equals(now.field())) {
      what = "a load of field '" + then.field() + "' of index '" + then.index() + "'";
    } else if (!then.indexId().equals(now.indexId())) {
      what = "a load of an index '" + then.index() + "' that was since deleted and made again";
    } else {
      return;
    }
    throw new LoadException(
        "cannot resume: " + state + " is of " + what + "; load without --resume");
  }

  /** Such as {@code --normalize was l2 and is not given, --model was a and is b}. */
  private static String difference(SortedMap<String, String> then, SortedMap<String, String> now) {
    TreeSet<String> names = new TreeSet<>(then.keySet());
    names.addAll(now.keySet());
    names.removeIf(name -> then.containsKey(name) && then.get(name).equals(now.get(name)));
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(name)
          .append(" was ")
          .append(then.getOrDefault(name, "not given"))
          .append(" and is ")
          .append(now.getOrDefault(name, "not given"));
    }
    return text.toString();
  }

  @Override
  public long settledRow() {
    return checkpoint.rows();
  }

  @Override
  public boolean isResumed() {
    return resumed;
  }

  /** What became of the documents sent since the load began, over all its runs. */
  public Tally documents() {
    return checkpoint.documents();
  }

  /** Rows rejected since the load began, over all its runs. */
  public long rejected() {
    return checkpoint.rejected();
  }

  @Override
  public void settle(long lastRow, Tally documents, List<Row.Rejected> rejected)
      throws IOException {
    rejects.append(rejected);
    checkpoint =
        new Checkpoint(
            checkpoint.job(),
            lastRow,
            checkpoint.documents().plus(documents),
            checkpoint.rejected() + rejected.size(),
            rejects.bytes());
    checkpoint.write(state);
  }

  /** The load is complete: nothing is left to resume, and the state file goes. */
  public void complete() throws IOException {
    Files.deleteIfExists(state);
  }

  @Override
  public void close() throws IOException {
    rejects.close();
  }
}
