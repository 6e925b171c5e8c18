package org.posthouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.core.Outcome;
import org.posthouse.platform.DiskFile;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;
import org.posthouse.store.MessageStore.LocalMail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class MboxTest {
    private static final Path FILE = Path.of("/data/mail.mbox");
    private static final String HEAD =
            "From bob@client.example Wed Mar  4 05:06:07 2026\nReturn-Path: <bob@client.example>\n";

    private final SimPlatform sim = new SimPlatform(1);
    private final Mbox mbox = Mbox.at(sim.disk(), FILE);

    @Test
    void messagesAreAppended() {
        store("one\r\n");
        store("From two\r\n");
        assertThat(text(sim)).isEqualTo(HEAD + "one\n\n" + HEAD + ">From two\n\n");
        sim.assertNothingOpen();
    }

    @Test
    void anotherProgramsOpenLineIsEndedFirst() throws IOException {
        sim.run(
                () -> {
                    sim.disk().createDirectories(FILE.getParent());
                    try (DiskFile file = sim.disk().create(FILE)) {
                        file.write(ByteBuffer.wrap("From x\n\nopen".getBytes(ISO_8859_1)), 0);
                    }
                });
        store("one\r\n");
        assertThat(text(sim)).isEqualTo("From x\n\nopen\n" + HEAD + "one\n\n");
    }

    @Test
    void aFileThatWasMovedAwayIsMadeAnew() throws IOException {
        store("one\r\n");
        sim.run(() -> sim.disk().rename(FILE, FILE.resolveSibling("old")));
        store("two\r\n");
        assertThat(text(sim)).isEqualTo(HEAD + "two\n\n");
    }

    /** As those do that move it away from time to time. */
    @Test
    void aFileThatAnotherProgramMadeAnewIsDurable() throws IOException {
        store("one\r\n");
        sim.run(
                () -> {
                    sim.disk().rename(FILE, FILE.resolveSibling("old"));
                    sim.disk().create(FILE).close();
                });
        store("two\r\n");
        assertThat(text(sim.restart(SimLoss.POWER_KEEPS_NOTHING))).isEqualTo(HEAD + "two\n\n");
    }

    @Test
    void threadsTakeTurns() {
        List<Outcome> outcomes = new ArrayList<>();
        sim.disk().forceTakes(Duration.ofMillis(1));
        sim.run(
                () -> {
                    for (int i = 0; i < 20; i++) {
                        sim.threads().start("store", () -> outcomes.add(mbox.store(mail("x\r\n"))));
                    }
                    sim.advance(Duration.ofSeconds(1));
                });
        assertThat(outcomes).hasSize(20).containsOnly(Outcomes.STORED);
        assertThat(text(sim)).isEqualTo((HEAD + "x\n\n").repeat(20));
    }

    @ParameterizedTest
    @EnumSource(
            value = SimDiskOperation.class,
            names = {"CREATE", "OPEN", "WRITE", "FORCE", "FORCE_DIRECTORY", "CREATE_DIRECTORIES"})
    void aDiskThatFailsLeavesTheFileAsItWas(SimDiskOperation operation) {
        for (int nth = 1; nth <= 3; nth++) {
            for (SimDiskFailure failure : SimDiskFailure.values()) {
                var sim = new SimPlatform(7);
                var mbox = Mbox.at(sim.disk(), FILE);
                sim.disk().fail(operation, nth, failure);
                String expected = "";
                for (int i = 0; i < 4; i++) {
                    Outcome outcome = sim.call(() -> mbox.store(mail("x\r\n")));
                    // An append that is whole, but could not be said to be, comes twice.
                    boolean whole = text(sim).length() > expected.length();
                    expected += whole ? HEAD + "x\n\n" : "";
                    assertThat(whole || outcome instanceof Outcome.Deferred).isTrue();
                    assertThat(text(sim)).isEqualTo(expected);
                }
                sim.assertNothingOpen();
                assertThat(expected.length()).isGreaterThanOrEqualTo(3 * (HEAD.length() + 3));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SimLoss.class)
    void afterACrashTheNextAppendCutsOffWhatIsTorn(SimLoss loss) {
        for (long seed = 1; seed <= 40; seed++) {
            boolean crashed = true;
            for (int at = 1; crashed; at++) {
                crashed = crashAt(at, seed, loss);
                assertThat(at).isLessThan(60);
            }
        }
    }

    private static boolean crashAt(int change, long seed, SimLoss loss) {
        String content = "y".repeat(3000) + "\r\n";
        String stored = HEAD + content.replace("\r", "") + "\n";
        var sim = new SimPlatform(seed);
        var first = Mbox.at(sim.disk(), FILE);
        var acknowledged = new ArrayList<Outcome>();
        sim.disk().crashAt(change);
        boolean crashed = false;
        try {
            sim.run(
                    () -> {
                        for (int i = 0; i < 3; i++) {
                            acknowledged.add(first.store(mail(content)));
                        }
                    });
        } catch (SimCrash e) {
            crashed = true;
        }
        SimPlatform after = sim.restart(loss);
        var again = Mbox.at(after.disk(), FILE);
        after.run(() -> assertThat(again.store(mail(content))).isEqualTo(Outcomes.STORED));
        String text = text(after.restart(SimLoss.POWER_KEEPS_NOTHING));
        int count = text.length() / stored.length();
        assertThat(text).isEqualTo(stored.repeat(count));
        assertThat(count).isBetween(acknowledged.size() + 1, acknowledged.size() + 2);
        return crashed;
    }

    private void store(String content) {
        assertThat(sim.<Outcome, RuntimeException>call(() -> mbox.store(mail(content))))
                .isEqualTo(Outcomes.STORED);
    }

    private static LocalMail mail(String content) {
        return Mails.to("ada", 1, TextContent.of(content));
    }

    private static String text(SimPlatform sim) {
        return sim.call(
                () ->
                        sim.disk().exists(FILE)
                                ? new String(sim.disk().contents(FILE), ISO_8859_1)
                                : "");
    }
}
