/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.parquet.format.AesGcmV1;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.EncryptionAlgorithm;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class BadParquetTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();
  private Path file;
  private byte[] bytes;

  @Before
  public void write() throws IOException {
    file = folder.getRoot().toPath().resolve("v.parquet");
    SampleParquet sample =
        new SampleParquet(SampleParquet.USUAL).with(p -> p.withPageWriteChecksumEnabled(false));
    for (int i = 0; i < 200; i++) {
      sample.row("r" + i, i, 1f / i, -i);
    }
    sample.write(file);
    bytes = Files.readAllBytes(file);
  }

  private void assertError(String part) {
    IOException e = assertThrows(IOException.class, () -> SampleParquet.read(file));
    assertTrue(e.getMessage(), e.getMessage().startsWith(file.toString()));
    assertTrue(e.getMessage(), e.getMessage().contains(part));
  }

  private void replace(int at, String with) throws IOException {
    byte[] changed = bytes.clone();
    System.arraycopy(with.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, changed, at, 4);
    Files.write(file, changed);
  }

  @Test
  public void testAFileCutShortIsRefusedWhereverItIsCut() throws IOException {
    for (int length = 0; length < bytes.length; length += 1 + length / 9) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertError(length < 12 ? "no Parquet file: it has only" : "does not end with PAR1");
    }
  }

  @Test
  public void testWrongAndEncryptedMagic() throws IOException {
    replace(0, "PAR2");
    assertFalse(new ParquetFormat().recognizes(file));
    assertError("does not start with PAR1");
    replace(0, "PARE");
    assertTrue(new ParquetFormat().recognizes(file));
    assertError("its footer is encrypted, which is not supported");
    replace(bytes.length - 4, "PARE");
    assertError("its footer is encrypted, which is not supported");
  }

  @Test
  public void testEncryptedColumns() throws IOException {
    SampleParquet.withFooter(
        file, f -> f.setEncryption_algorithm(EncryptionAlgorithm.AES_GCM_V1(new AesGcmV1())));
    assertError("columns of it are encrypted");
  }

  @Test
  public void testFooterLengthsOutOfRange() throws IOException {
    for (int claim : new int[] {0, bytes.length - 11, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      byte[] changed = bytes.clone();
      ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - 8, claim);
      Files.write(file, changed);
      assertError("its footer claims");
    }
  }

  @Test
  public void testAFooterThatClaimsAListOfBillionsCostsNoMemory() throws IOException {
    // Field 2 (schema), a list of 2^31-1 structs, and nothing behind it.
    byte[] footer = {
      0x29, (byte) 0xfc, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 0, 0
    };
    ByteBuffer whole = ByteBuffer.allocate(12 + footer.length).order(ByteOrder.LITTLE_ENDIAN);
    whole.put(bytes, 0, 4).put(footer).putInt(footer.length).put(bytes, 0, 4);
    Files.write(file, whole.array());
    assertError("footer cannot be read");
  }

  @Test
  public void testAPageHeaderThatClaimsATextOf90MegabytesCostsNoMemory() throws IOException {
    // type 0, sizes, data_page_header { 1 value, 3 encodings, statistics { max: 90,000,000 bytes …
    byte[] header = {
      0x15,
      0,
      0x15,
      2,
      0x15,
      2,
      0x2c,
      0x15,
      2,
      0x15,
      0,
      0x15,
      6,
      0x15,
      6,
      0x1c,
      0x18,
      (byte) 0x80,
      (byte) 0x95,
      (byte) 0xf5,
      0x2a
    };
    byte[] changed = bytes.clone();
    System.arraycopy(header, 0, changed, 4, header.length);
    Files.write(file, changed);
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertError("a page header cannot be read");
    assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 40L << 20);
  }

  @Test
  public void testAPageHeaderNestedWithoutEndIsRefused() throws IOException {
    int deep = 1 << 20;
    int size = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    int data = bytes.length - 8 - size;
    byte[] structs = new byte[deep];
    Arrays.fill(structs, (byte) 0xfc); // an unknown field: a struct, and in it another
    ByteBuffer page = ByteBuffer.allocate(bytes.length + deep);
    page.put(bytes, 0, data).put(structs).put(bytes, data, size + 8);
    Files.write(file, page.array());
    SampleParquet.withFooter(
        file,
        f -> {
          var chunk = f.getRow_groups().getFirst().getColumns().getFirst().getMeta_data();
          chunk.unsetDictionary_page_offset();
          chunk.setData_page_offset(data);
          chunk.setTotal_compressed_size(deep);
        });
    assertError("a page header cannot be read");
  }

  @Test
  public void testRowCountsThatAreNotThere() throws IOException {
    long claim = 1L << 31;
    SampleParquet.withFooter(
        file,
        f -> {
          f.setNum_rows(claim);
          f.getRow_groups().getFirst().setNum_rows(claim);
        });
    assertError("row 201: column 'id' has fewer rows than its row group claims");
    Files.write(file, bytes);
    SampleParquet.withFooter(file, f -> f.getRow_groups().getFirst().setNum_rows(150));
    assertError("columns hold more rows than the 150 of their row group");
    Files.write(file, bytes);
    SampleParquet.withFooter(file, f -> f.getRow_groups().getFirst().setNum_rows(-1));
    assertError("claims -1 rows");
  }

  @Test
  public void testChunksOutsideTheFile() throws IOException {
    SampleParquet.withFooter(
        file,
        f ->
            f.getRow_groups()
                .getFirst()
                .getColumns()
                .get(1)
                .getMeta_data()
                .setTotal_compressed_size(Long.MAX_VALUE));
    assertError("lies outside the file");
  }

  @Test
  public void testCodecsThatAreNotReadAreNamed() throws IOException {
    SampleParquet.withFooter(
        file,
        f ->
            f.getRow_groups()
                .getFirst()
                .getColumns()
                .get(1)
                .getMeta_data()
                .setCodec(CompressionCodec.BROTLI));
    assertError("column 'vector' is compressed with BROTLI, which is not supported");
  }

  @Test
  public void testAWrongChecksumIsSeen() throws IOException {
    new SampleParquet(SampleParquet.USUAL)
        .with(p -> p.withDictionaryEncoding(false))
        .codec(org.apache.parquet.hadoop.metadata.CompressionCodecName.UNCOMPRESSED)
        .row("aaaaaaaa", 1)
        .write(file);
    byte[] changed = Files.readAllBytes(file);
    int at = new String(changed, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("aaaaaaaa");
    changed[at]++;
    Files.write(file, changed);
    assertError("does not match its checksum");
  }

  /** Whatever is in a file, rows or an IOException come out, in memory that stays bounded. */
  @Test
  public void testDamagedBytesNeverEndInAnythingButAnIoException() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] changed = bytes.clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        changed[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Files.write(file, changed);
      try {
        SampleParquet.read(file);
      } catch (IOException e) {
        assertTrue("seed " + seed, e.getMessage().startsWith(file.toString()));
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", file " + i, e);
      }
    }
    assertTrue(refused > 50);
    assertEquals(200, rowsOf(bytes));
  }

  private int rowsOf(byte[] whole) throws IOException {
    Files.write(file, whole);
    return SampleParquet.read(file).size();
  }
}
