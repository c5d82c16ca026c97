/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.Test;

/** The arrows of this module: the maths know arrays, and nothing else. */
public class ArchitectureTests {

  private static final String MATHS = "org.affinity.quantization";
  private static final String SIMD = "org.affinity.quantization.simd..";
  private static final String VECTORS = "jdk.incubator.vector..";

  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(MATHS);

  @Test
  public void testDependsOnTheJdkOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java.lang..", "java.util..", "java.nio", VECTORS, MATHS + "..")
        .check(MODULE);
  }

  @Test
  public void testOfJavaNioUsesBuffersOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.nio\\.(?!(Byte|Float)Buffer$|ByteOrder$).*")
        .check(MODULE);
  }

  @Test
  public void testKeepsNoFilesNoLogsNoThreadLocals() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..", "java.nio.file..", "java.nio.channels..", "java.util.logging..")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .check(MODULE);
  }

  @Test
  public void testUsesTheVectorApiInOnePackageOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(SIMD)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(VECTORS)
        .check(MODULE);
  }

  @Test
  public void testKernelsDoNotKnowQuantizers() {
    noClasses()
        .that()
        .resideInAPackage(SIMD)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(MATHS)
        .check(MODULE);
  }

  @Test
  public void testHasNoMutableStatics() {
    fields()
        .that()
        .haveModifier(JavaModifier.STATIC)
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(MODULE);
  }
}
