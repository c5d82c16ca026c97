/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.affinity.ingest.BiasColumn;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.ModelStamp;
import org.affinity.ingest.RowStep;
import org.affinity.ingest.UnitLength;
import org.affinity.ingest.WriteMode;
import org.affinity.ingest.format.IdMap;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What becomes of a row before it is stored, and of the document that is there. */
final class StoreOptions {
  private static final String L2 = "l2";
  private static final String BIAS = "bias";

  @ArgGroup private Mode mode = new Mode();

  /** At most one of these. */
  private static final class Mode {
    @Option(
        names = "--as-update",
        description = "Update documents and keep their other fields; create what is missing.")
    private boolean asUpdate;

    @Option(
        names = "--update-only",
        description = "The same, but create nothing: rows without a document are rejected.")
    private boolean updateOnly;

    @Option(
        names = "--create-only",
        description = "Create documents; rows whose document is there are rejected.")
    private boolean createOnly;
  }

  @Option(
      names = "--id-map",
      paramLabel = "FILE",
      description = "CSV or TSV, packed or not: id in the source, id of the document.")
  private Path idMap;

  @Option(
      names = "--normalize",
      arity = "0..1",
      fallbackValue = L2,
      preprocessor = AttachedOnly.class,
      paramLabel = "l2",
      description = "Divide vectors by their length; zero vectors are rejected.")
  private String normalize;

  @Option(
      names = "--append-bias",
      arity = "0..1",
      fallbackValue = BIAS,
      preprocessor = AttachedOnly.class,
      paramLabel = "FIELD",
      description =
          "Append the number in a field (default: bias) to the vector, as the last of it.")
  private String bias;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Write the model's name into the field <field>_model of every document.")
  private String model;

  @Option(
      names = "--version",
      paramLabel = "VERSION",
      description = "Write the training run's name into <field>_version.")
  private String version;

  WriteMode mode() {
    if (mode.updateOnly) {
      return WriteMode.UPDATE_ONLY;
    }
    return mode.createOnly
        ? WriteMode.CREATE_ONLY
        : mode.asUpdate ? WriteMode.UPSERT : WriteMode.REPLACE;
  }

  Optional<String> model() {
    return Optional.ofNullable(model);
  }

  Optional<String> version() {
    return Optional.ofNullable(version);
  }

  /** The files beside the source that change what is stored. */
  List<Path> files() {
    return idMap == null ? List.of() : List.of(idMap);
  }

  /** Fails where an option cannot be, before any server is asked. */
  void check(String field) throws IOException {
    if (normalize != null && !normalize.equals(L2)) {
      throw new IllegalArgumentException("--normalize is l2, not " + normalize);
    }
    if (bias != null && bias.isEmpty()) {
      throw new IllegalArgumentException("--append-bias= needs the name of a field");
    }
    ModelStamp.of(field, model, version);
    if (idMap != null && !Files.isRegularFile(idMap)) {
      throw new NoSuchFileException(idMap.toString());
    }
  }

  /** The stamp, if there is one. */
  Optional<ModelStamp> stamp(String field) {
    return model == null && version == null
        ? Optional.empty()
        : Optional.of(ModelStamp.of(field, model, version));
  }

  /** The target as vectors of the source must fit it, which lack the bias yet. */
  BulkTarget ofSource(BulkTarget target) throws LoadException {
    if (bias == null) {
      return target;
    }
    if (target.dimension() < 2) {
      throw new LoadException(
          "field '" + target.field() + "' has dimension 1: no room for --append-bias");
    }
    return target.withDimension(target.dimension() - 1);
  }

  /** What is done to each row: other ids, unit length, the bias after it, the stamp. */
  List<RowStep> steps(String field) throws IOException {
    List<RowStep> steps = new ArrayList<>();
    if (idMap != null) {
      steps.add(IdMap.read(idMap, Runtime.getRuntime().maxMemory() / 4));
    }
    if (normalize != null) {
      steps.add(new UnitLength());
    }
    if (bias != null) {
      steps.add(new BiasColumn(bias));
    }
    stamp(field).ifPresent(steps::add);
    return steps;
  }
}
