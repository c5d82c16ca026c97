/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.opensearch.action.support.TransportAction;
import org.opensearch.test.OpenSearchTestCase;

/** The arrows of this module: wiring and JSON; the mathematics stay in their own modules. */
public class ArchitectureTests extends OpenSearchTestCase {

  private static JavaClasses module() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("org.affinity.plugin");
  }

  public void testDependsOnAnnAndOpenSearchOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.apache.lucene..",
            "org.opensearch..",
            "org.apache.logging.log4j..",
            "org.affinity.ann..",
            "org.affinity.quantization..",
            "org.affinity.plugin..")
        .check(module());
  }

  public void testHasNoMutableStaticsAndNoCatchAllNames() {
    fields()
        .that()
        .haveModifier(JavaModifier.STATIC)
        .and()
        .haveNameNotMatching(".*\\$.*")
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(module());
    noClasses().should().haveNameMatching(".*(Utils|Helper|Manager|Constants)").check(module());
  }

  /** Public are the plugin class, what it hands on, and what OpenSearch's injection constructs. */
  public void testOnlyThePluginClassAndItsActionsArePublic() {
    classes()
        .that()
        .areTopLevelClasses()
        .and()
        .areNotAssignableTo(AffinityPlugin.class)
        .and()
        .areNotAssignableTo(TransportAction.class)
        .and()
        .haveNameNotMatching(
            "org\\.affinity\\.plugin\\.(admin\\.(AdminActions|Search(Counters|Stats))"
                + "|processor\\.EmbeddingProcessors"
                + "|reference\\.((Vector|Document|Likes|History|Sum|FirstOf)Reference|ReferenceForm"
                + "|ReferenceLimits|Missing|Taste|Usage|WeightedItem|EventNames|ItemSource"
                + "|AffinityExt|ExtFilter)"
                + "|vector\\.(Fetched|Stored(Get|Part|Vector)|VectorContent))")
        .should()
        .notBePublic()
        .check(module());
  }

  public void testAdminKnowsNothingOfTheRest() {
    noClasses()
        .that()
        .resideInAPackage("org.affinity.plugin.admin")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.affinity.plugin")
        .check(module());
  }

  public void testProcessorsKnowOnlyVectors() {
    noClasses()
        .that()
        .resideInAPackage("org.affinity.plugin.processor")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.affinity.plugin", "org.affinity.plugin.admin", "org.affinity.plugin.reference")
        .check(module());
    noClasses()
        .that()
        .resideInAPackage("org.affinity.plugin.vector")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.affinity.plugin",
            "org.affinity.plugin.admin",
            "org.affinity.plugin.processor",
            "org.affinity.plugin.reference")
        .check(module());
  }

  public void testReferencesKnowOnlyVectors() {
    noClasses()
        .that()
        .resideInAPackage("org.affinity.plugin.reference")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.affinity.plugin", "org.affinity.plugin.admin", "org.affinity.plugin.processor")
        .check(module());
  }
}
