package org.posthouse.interop;

import static org.posthouse.interop.Case.a;
import static org.posthouse.interop.HostScript.OK;
import static org.posthouse.interop.HostScript.offers;
import static org.posthouse.interop.HostScript.on;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The daemon ends in the middle of a {@link HostileInternet}, again and again. */
@Tag("interop")
@Execution(ExecutionMode.CONCURRENT)
class HostileRestartTest {
    private static final String RETRY =
            """

            [retry]
            ladder = ["1s"]
            probe_first = "1s"
            probe_max = "1s"
            probe_max_later = "1s"
            give_up_after = "20s"

            [timeouts]
            client_greeting = "3s"
            client_command = "3s"
            client_data_end = "3s"
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(80);
    private static final int KILLS = 2;
    private static final int STOPS = 2;
    private static final int TAKEN_BETWEEN = 15;

    @TempDir Path folder;

    /** Slow, so that an end always comes in the middle of something. */
    private static List<Case> cases() {
        return List.of(
                a("slow-end").host(on("END", "{wait 200}{ok}")).times(10),
                a("slow-recipients").host(on("RCPT", "{wait 100}{ok}")).to("a", "b", "c").times(5),
                a("slow-by-data").host(offers("PIPELINING"), on("END", "{wait 200}{ok}")).times(10),
                a("slow-step-by-step")
                        .host(offers("8BITMIME"), on("MAIL", "{wait 150}{ok}"))
                        .times(8),
                a("slow-greeting").host(on("CONNECT", "{wait 700}{ok}")).times(5),
                a("refuses").host(on("RCPT", "{wait 100}550 5.1.1 no such user")).times(8),
                a("refuses-some")
                        .to("a", "b")
                        .host(on("RCPT TO:<b@", "{wait 100}550 5.1.1 no such user"))
                        .times(8),
                a("later").host(on("RCPT", "451 4.3.0 later", "451 4.3.0 later", OK)).times(6),
                a("closes")
                        .host(on("MAIL", OK, "421 4.3.2 closing{close}", OK, "{close}", OK))
                        .times(8),
                a("first-down").nobody().host(on("END", "{wait 150}{ok}")).times(8),
                a("wants-reports")
                        .to("ada NOTIFY=SUCCESS")
                        .host(offers("PIPELINING"), on("END", "{wait 100}{ok}"))
                        .times(6));
    }

    @Test
    void killedAgainAndAgainItLosesNothing() {
        try (HostileInternet internet = HostileInternet.start(folder, cases(), RETRY)) {
            internet.submitAll();
            for (int kill = 1; kill <= KILLS; kill++) {
                internet.awaitTaken(kill * TAKEN_BETWEEN);
                internet.restart(false);
            }
            internet.awaitEmptyQueue(PATIENCE);
            judge(internet, 1 + KILLS);
        }
    }

    @Test
    void stoppedAgainAndAgainItSendsNothingTwice() {
        try (HostileInternet internet = HostileInternet.start(folder, cases(), RETRY)) {
            internet.submitAll();
            for (int stop = 1; stop <= STOPS; stop++) {
                internet.awaitTaken(stop * TAKEN_BETWEEN);
                internet.restart(true);
            }
            internet.awaitEmptyQueue(PATIENCE);
            judge(internet, 1);
        }
    }

    private static void judge(HostileInternet internet, int copiesMax) {
        Map<Case, Evidence> evidence = internet.evidence();
        evidence.forEach(
                (story, seen) -> {
                    try {
                        seen.isAccountedFor(copiesMax);
                    } catch (AssertionError e) {
                        throw new AssertionError(
                                story.name() + ": " + e.getMessage() + "\n" + seen, e);
                    }
                });
    }
}
