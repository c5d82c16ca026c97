/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet.model;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.format.NamesGiven;
import org.affinity.parquet.SampleParquet;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class MlflowFormatTests {
  private static final String MODEL =
      """
      artifact_path: model
      flavors:
        python_function:
          data: data
          loader_module: mlflow.sklearn
          python_version: 3.11.4
        sklearn:
          code: null
          pickled_model: model.pkl
      mlflow_version: 2.17.2
      model_size_bytes: 1024
      model_uuid: 4d2a1f0c9e3b4a0f8a7b6c5d4e3f2a1b
      run_id: 0a1b2c3d4e5f60718293a4b5c6d7e8f9
      utc_time_created: '2024-11-02 10:11:12.131415'
      """;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final List<EmbeddingFormat> all =
      ModelFormats.all(NamesGiven.NONE, Optional.of(AlsSide.ITEM), List.of());
  private final MlflowFormat format = (MlflowFormat) all.getLast();
  private Path run;
  private Path model;

  @Before
  public void layOut() throws IOException {
    run = folder.getRoot().toPath().resolve("mlruns/1/0a1b2c3d4e5f60718293a4b5c6d7e8f9");
    model = Files.createDirectories(run.resolve("artifacts/model"));
    Files.createDirectories(run.resolve("params"));
    Files.createDirectories(run.resolve("metrics"));
    Files.writeString(
        run.resolve("meta.yaml"),
        """
        artifact_uri: file:///x
        experiment_id: '1'
        lifecycle_stage: active
        run_id: 0a1b2c3d4e5f60718293a4b5c6d7e8f9
        run_name: calm-crane-7
        end_time: null
        """);
    Files.writeString(run.resolve("params/rank"), "64");
    Files.writeString(run.resolve("metrics/ndcg"), "1730542272131 0.21 0\n1730542282131 0.25 1\n");
    Files.writeString(model.resolve("MLmodel"), MODEL);
    Files.writeString(model.resolve("requirements.txt"), "mlflow==2.17.2\n");
    Files.createDirectories(model.resolve("data"));
    new SampleParquet(SampleParquet.USUAL)
        .row("a", 1, 2)
        .write(model.resolve("data/items.parquet"));
  }

  private String error() {
    return assertThrows(IOException.class, () -> format.open(SampleParquet.source(model)))
        .getMessage();
  }

  @Test
  public void testTheOneFileInsideIsRead() throws IOException {
    assertTrue(format.recognizes(model));
    assertFalse(format.recognizes(run));
    assertEquals(1, SampleParquet.readAll(format.open(SampleParquet.source(model))).size());
    assertEquals(
        List.of(model.resolve("data/items.parquet")), format.files(SampleParquet.source(model)));
  }

  @Test
  public void testRunParametersAndMetricsAreKept() throws IOException {
    Map<String, String> metadata = format.metadata(model);
    assertEquals("0a1b2c3d4e5f60718293a4b5c6d7e8f9", metadata.get("run_id"));
    assertEquals("4d2a1f0c9e3b4a0f8a7b6c5d4e3f2a1b", metadata.get("model_uuid"));
    assertEquals("python_function, sklearn", metadata.get("flavors"));
    assertEquals("calm-crane-7", metadata.get("run_name"));
    assertEquals("64", metadata.get("params.rank"));
    assertEquals("0.25", metadata.get("metrics.ndcg"));
  }

  @Test
  public void testAFolderCopiedOutOfItsRunSaysWhatItCan() throws IOException {
    Path copy = Files.createDirectories(folder.getRoot().toPath().resolve("copy"));
    Files.copy(model.resolve("MLmodel"), copy.resolve("MLmodel"));
    Map<String, String> metadata = format.metadata(copy);
    assertEquals("0a1b2c3d4e5f60718293a4b5c6d7e8f9", metadata.get("run_id"));
    assertFalse(metadata.containsKey("params.rank"));
    IOException e = assertThrows(IOException.class, () -> format.open(SampleParquet.source(copy)));
    assertTrue(e.getMessage(), e.getMessage().endsWith("holds no embeddings that are recognized"));
  }

  @Test
  public void testSeveralAreListed() throws IOException {
    Path users = Files.createDirectories(model.resolve("users"));
    new SampleParquet(SampleParquet.USUAL).row("a", 1, 2).write(users.resolve("part-0.parquet"));
    assertTrue(error(), error().contains("give the path of one: data (parquet), users (parquet)"));
  }

  @Test
  public void testPathsThatLeadOutAreRefused() throws IOException {
    for (String path : List.of("../other", "/etc", "model/../../x", "file:///etc")) {
      Files.writeString(
          model.resolve("MLmodel"),
          MODEL.replace("artifact_path: model", "artifact_path: " + path));
      assertTrue(error(), error().contains("artifact_path '" + path + "' leads out"));
      Files.writeString(model.resolve("MLmodel"), MODEL.replace("data: data", "data: " + path));
      assertTrue(error(), error().contains("data '" + path + "' leads out"));
    }
  }

  @Test
  public void testLinksThatLeadOutAreRefused() throws IOException {
    Path outside =
        new SampleParquet(SampleParquet.USUAL)
            .row("a", 1, 2)
            .write(folder.getRoot().toPath().resolve("outside.parquet"));
    Path link = Files.createSymbolicLink(model.resolve("data/more.parquet"), outside);
    assertTrue(error(), error().endsWith("more.parquet is a link that leads out of the folder"));
    Files.delete(link);
    Files.delete(model.resolve("MLmodel"));
    Files.createSymbolicLink(
        model.resolve("MLmodel"),
        Files.writeString(folder.getRoot().toPath().resolve("elsewhere"), MODEL));
    assertTrue(error(), error().endsWith("MLmodel is a link that leads out of the folder"));
  }

  @Test
  public void testYamlThatIsDangerousOrBrokenIsRefused() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    for (String yaml :
        List.of(
            bomb.toString(),
            "x: !!javax.script.ScriptEngineManager []\n",
            "x: !!python/object/apply:os.system ['true']\n",
            "a: [".repeat(3000),
            "a: &a [*a]\n: b: c",
            "just text",
            "")) {
      Files.writeString(model.resolve("MLmodel"), yaml);
      assertTrue(error(), error().contains("MLmodel"));
      assertThrows(IOException.class, () -> format.metadata(model));
    }
    Files.writeString(model.resolve("MLmodel"), "a: " + "x".repeat(2 << 20));
    assertTrue(error(), error().contains("more than 1048576 bytes"));
  }
}
