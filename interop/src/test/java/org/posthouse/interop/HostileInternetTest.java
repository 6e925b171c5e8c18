package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One daemon against name servers and hosts of all kinds, all at the same time. After the lifetime
 * of a message everything has come to an end; then each story is looked at.
 */
@Tag("interop")
class HostileInternetTest {
    /** Impatient; a message lives for 14 seconds and is warned of after 7. */
    private static final String RETRY =
            """

            [retry]
            ladder = ["1s"]
            probe_first = "1s"
            probe_max = "1s"
            probe_max_later = "1s"
            warn_after = "7s"
            give_up_after = "14s"
            reports_give_up_after = "14s"

            [timeouts]
            client_connect = "2s"
            client_greeting = "2s"
            client_command = "2s"
            client_data_block = "3s"
            client_data_end = "3s"
            """;

    /** A pattern of names: only these stories happen, and are told. */
    private static final String ONLY = System.getProperty("hostile.only", "");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir static Path folder;

    private static Map<Case, Evidence> evidence = Map.of();
    private static String log = "";

    static List<Case> cases() {
        return Stream.of(
                        DnsCases.all(),
                        ConnectCases.all(),
                        HelloCases.all(),
                        EnvelopeCases.all(),
                        ContentCases.all(),
                        SmarthostCases.all(),
                        ReportCases.all())
                .flatMap(List::stream)
                .toList();
    }

    @BeforeAll
    static void letItAllHappen() {
        List<Case> cases = new ArrayList<>(cases());
        cases.removeIf(each -> !ONLY.isEmpty() && !each.name().matches(ONLY));
        try (HostileInternet internet = HostileInternet.start(folder, cases, RETRY)) {
            internet.submitAll();
            internet.awaitEmptyQueue(PATIENCE);
            evidence = internet.evidence();
            log = internet.log();
        }
    }

    @AfterAll
    static void forget() {
        evidence = Map.of();
        log = "";
    }

    @TestFactory
    Stream<DynamicTest> stories() {
        return evidence.entrySet().stream()
                .map(
                        each ->
                                DynamicTest.dynamicTest(
                                        each.getKey().name(),
                                        () -> judge(each.getKey(), each.getValue())));
    }

    private static void judge(Case story, Evidence seen) {
        if (!ONLY.isEmpty()) {
            System.out.println(seen);
        }
        try {
            seen.isSound();
            story.checks().forEach(each -> each.accept(seen));
        } catch (AssertionError e) {
            throw new AssertionError(story.name() + ": " + e.getMessage().strip() + "\n" + seen, e);
        }
    }

    @TestFactory
    Stream<DynamicTest> nothingBroke() {
        return Stream.of(
                DynamicTest.dynamicTest(
                        "no trouble is logged",
                        () -> assertThat(log).doesNotContain(" trouble ", "\tat ")));
    }
}
