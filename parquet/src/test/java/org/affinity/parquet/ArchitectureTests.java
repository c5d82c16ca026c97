/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.Assert.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.Test;

public class ArchitectureTests {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.affinity.parquet");

  @Test
  public void testParquetDependsOnItsLibrariesOnly() {
    classes()
        .that()
        .resideInAPackage("org.affinity.parquet")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.apache.parquet..",
            "shaded.parquet.org.apache.thrift..",
            "com.github.luben.zstd..",
            "org.xerial.snappy..",
            "net.jpountz.lz4..",
            "org.affinity.ingest..",
            "org.affinity.parquet")
        .check(classes);
  }

  @Test
  public void testModelsStandOnParquetAndKnowNothingOfTheLibraryBelow() {
    classes()
        .that()
        .resideInAPackage("org.affinity.parquet.model")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "com.fasterxml.jackson..",
            "org.snakeyaml.engine..",
            "org.affinity.ingest..",
            "org.affinity.parquet..")
        .check(classes);
  }

  /** Every test of this module runs without Hadoop, and so does what is built on it. */
  @Test
  public void testHadoopIsNotThere() {
    assertThrows(
        ClassNotFoundException.class,
        () ->
            Class.forName(
                "org.apache.hadoop.conf.Configuration", false, getClass().getClassLoader()));
  }

  @Test
  public void testPackagesHaveADirection() {
    slices().matching("org.affinity.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  public void testNothingStaticIsMutable() {
    fields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .check(classes);
  }

  @Test
  public void testNamesSayWhatAClassIs() {
    noClasses().should().haveNameMatching(".*(Utils|Helper|Manager|Constants)$").check(classes);
  }
}
