/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.Test;

public class ArchitectureTests {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.affinity.cli");

  @Test
  public void testDependsOnTheLoaderAndItsOwnLibrariesOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax.net.ssl..",
            "com.fasterxml.jackson..",
            "picocli..",
            "me.tongfei.progressbar..",
            "org.affinity.ingest..",
            "org.affinity.parquet..",
            "org.affinity.cli..")
        .check(classes);
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
        .doNotHaveModifier(com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .check(classes);
  }

  @Test
  public void testNamesSayWhatAClassIs() {
    noClasses().should().haveNameMatching(".*(Utils|Helper|Manager|Constants)$").check(classes);
  }
}
