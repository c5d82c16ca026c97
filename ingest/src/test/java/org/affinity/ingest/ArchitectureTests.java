/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.Test;

public class ArchitectureTests {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.affinity.ingest");

  @Test
  public void testDependsOnTheJdkAndJacksonOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "javax.net.ssl..", "com.fasterxml.jackson..", "org.affinity.ingest..")
        .orShould()
        .haveSimpleName("Packing")
        .check(classes);
  }

  @Test
  public void testOneClassKnowsZstd() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Packing")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.github.luben..")
        .check(classes);
  }

  @Test
  public void testReadersKnowTheLoaderNotItKnowsThem() {
    noClasses()
        .that()
        .resideInAPackage("org.affinity.ingest")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.affinity.ingest.format..", "org.affinity.ingest.export..")
        .check(classes);
  }

  @Test
  public void testNothingStaticIsMutable() {
    fields().that().areStatic().should().beFinal().check(classes);
  }

  @Test
  public void testNamesSayWhatAClassIs() {
    noClasses().should().haveNameMatching(".*(Utils|Helper|Manager|Constants)$").check(classes);
  }
}
