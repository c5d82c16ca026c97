/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.Test;

/** The arrows of this module: formats and queries know Lucene and the maths, not OpenSearch. */
public class ArchitectureTests {

  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.affinity.ann");

  @Test
  public void testDependsOnLuceneAndQuantizationOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.apache.lucene..", "org.affinity..")
        .check(MODULE);
    classes()
        .that()
        .resideInAPackage("org.affinity.ann.search..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.apache.lucene..",
            "org.affinity.quantization..",
            "org.affinity.ann.search..")
        .check(MODULE);
  }

  @Test
  public void testHasNoPackageCycles() {
    slices().matching("org.affinity.ann.(*)..").should().beFreeOfCycles().check(MODULE);
  }

  @Test
  public void testHasNoMutableStaticsAndNoCatchAllNames() {
    fields()
        .that()
        .haveModifier(JavaModifier.STATIC)
        .and()
        .haveNameNotMatching(".*\\$.*")
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(MODULE);
    noClasses().should().haveNameMatching(".*(Utils|Helper|Manager|Constants)").check(MODULE);
  }
}
