/** A test kit: simulated internet and contract suites for the SPIs. */
@org.jspecify.annotations.NullMarked
module org.posthouse.testkit {
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires transitive org.posthouse;
    requires transitive org.posthouse.sim;
    requires org.assertj.core;

    exports org.posthouse.testkit.spool;

    // the tests of a contract are found by reflection, and are no API
    opens org.posthouse.testkit.spool to
            org.junit.platform.commons;
}
