package org.posthouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;
import org.posthouse.store.MessageStore.LocalMail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class MaildirTest {
    private static final Path ROOT = Path.of("/data/mail");
    private static final Path ADA = ROOT.resolve("shop.example/ada");
    private static final String TEXT = "Subject: x\r\n\r\nhello\r\n.\r\nbare \r and \n stay\r\n";
    private static final String STORED = "Return-Path: <bob@client.example>\r\n" + TEXT;

    private final SimPlatform sim = new SimPlatform(1);
    private final Maildir maildir = Maildir.at(sim.disk(), ROOT);

    @Test
    void aMessageIsKeptOctetForOctetBehindItsReturnPath() throws IOException {
        assertThat(store(ada())).isEqualTo(Outcomes.STORED);
        assertThat(news(sim)).containsExactly(STORED);
        assertThat(sim.disk().list(ADA.resolve("tmp"))).isEmpty();
        assertThat(sim.disk().list(ADA.resolve("cur"))).isEmpty();
        assertThat(sim.disk().list(ADA.resolve("new")))
                .containsExactly(
                        "1772600767.M123456Q0000000000001N0R"
                                + "ac9cff17.posthouse,S="
                                + STORED.length());
        sim.assertNothingOpen();
    }

    @Test
    void reportsHaveTheNullReturnPath() throws IOException {
        store(Mails.of(ReversePath.NULL, TextContent.of("")));
        assertThat(news(sim)).containsExactly("Return-Path: <>\r\n");
    }

    @Test
    void everyRecipientHasAnOwnFileAndTagsShareAFolder() throws IOException {
        for (String localPart : List.of("ada", "ada+a", "ada+b", "Ada")) {
            store(Mails.to(localPart, 1, TextContent.of(TEXT)));
        }
        assertThat(news(sim)).hasSize(4).containsOnly(STORED);
        assertThat(sim.disk().list(ROOT.resolve("shop.example"))).containsExactly("ada");
    }

    /** On a real disk, where a name has 255 octets at most. */
    @Test
    void theLongestAddressesHaveFoldersOfTheirOwn(@TempDir Path root) throws IOException {
        List<String> longest =
                List.of("a".repeat(252), "a".repeat(251) + "b", "ü".repeat(126), "?".repeat(252));
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.system())) {
            var real = Maildir.at(platform.disk(), root);
            for (String localPart : longest) {
                var recipient = new Mailbox(localPart, "x");
                LocalMail mail = Mails.to(recipient, 1, TextContent.of(TEXT));
                assertThat(real.store(mail)).isEqualTo(Outcomes.STORED);
                try (var files = Files.list(real.folder(recipient).resolve("new"))) {
                    assertThat(files).hasSize(1);
                }
            }
        }
        try (var folders = Files.list(root.resolve("x"))) {
            assertThat(folders).hasSize(4);
        }
    }

    @Test
    void noAddressLeavesTheRoot() throws IOException {
        for (Mailbox mailbox :
                List.of(
                        new Mailbox("../../etc/x", "shop.example"),
                        new Mailbox("..", "[192.0.2.2]"),
                        new Mailbox("/", "[192.0.2.1]"),
                        new Mailbox(".", "x.example"))) {
            Path folder = maildir.folder(mailbox);
            assertThat(folder.normalize()).isEqualTo(folder);
            assertThat(folder.getParent().getParent()).isEqualTo(ROOT);
        }
    }

    @Test
    void storingAgainTakesThePlaceOfTheFirst() throws IOException {
        store(ada());
        store(ada());
        assertThat(news(sim)).containsExactly(STORED);
    }

    @Test
    void aLongMessageIsWrittenInBlocks() throws IOException {
        var octets = new byte[1_000_000];
        java.util.Arrays.fill(octets, (byte) 'x');
        store(Mails.to("ada", 1, new TextContent(octets, 50_000)));
        String stored = news(sim).getFirst();
        assertThat(stored)
                .hasSize(octets.length + "Return-Path: <bob@client.example>\r\n".length());
        assertThat(stored).endsWith("xxx");
        assertThat(sim.disk().count(SimDiskOperation.WRITE)).isBetween(15L, 17L);
    }

    @Test
    void aContentThatCanNotBeReadIsLeftForLater() throws IOException {
        var broken =
                new TextContent(new byte[100_000], 1000) {
                    @Override
                    public int read(long position, byte[] into, int offset, int length) {
                        if (position > 70_000) {
                            throw new UncheckedIOException(new IOException("damaged"));
                        }
                        return super.read(position, into, offset, length);
                    }
                };
        assertThat(text(store(Mails.to("ada", 1, broken)))).startsWith("451 4.3.0");
        assertThat(news(sim)).isEmpty();
        assertThat(sim.disk().list(ADA.resolve("tmp"))).isEmpty();
        sim.assertNothingOpen();
    }

    @ParameterizedTest
    @EnumSource(
            value = SimDiskOperation.class,
            names = {"CREATE", "WRITE", "FORCE", "RENAME", "CREATE_DIRECTORIES", "FORCE_DIRECTORY"})
    void aDiskThatFailsDefersAndRecovers(SimDiskOperation operation) throws IOException {
        for (SimDiskFailure failure : SimDiskFailure.values()) {
            var sim = new SimPlatform(7);
            var maildir = Maildir.at(sim.disk(), ROOT);
            sim.disk().failAll(operation, failure);
            Outcome outcome = sim.call(() -> maildir.store(ada()));
            assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
            assertThat(text(outcome))
                    .startsWith(failure == SimDiskFailure.NO_SPACE ? "452 4.3.1" : "451 4.3.0");
            sim.assertNothingOpen();
            sim.disk().heal();
            assertThat(sim.<Outcome, RuntimeException>call(() -> maildir.store(ada())))
                    .isEqualTo(Outcomes.STORED);
            assertThat(news(sim)).containsExactly(STORED);
            assertThat(sim.disk().list(ADA.resolve("tmp"))).isEmpty();
        }
    }

    /** Dies at every change of the disk, one after the other. */
    @ParameterizedTest
    @EnumSource(SimLoss.class)
    void aCrashLeavesNoHalfMessageAndLosesNone(SimLoss loss) throws IOException {
        for (long seed = 1; seed <= 40; seed++) {
            boolean crashed = true;
            for (int at = 1; crashed; at++) {
                crashed = crashAt(at, seed, loss);
                assertThat(at).isLessThan(40);
            }
        }
    }

    /** False when the store was done before the crash was due. */
    private static boolean crashAt(int change, long seed, SimLoss loss) throws IOException {
        var sim = new SimPlatform(seed);
        var first = Maildir.at(sim.disk(), ROOT);
        List<Outcome> outcomes = new ArrayList<>();
        sim.disk().crashAt(change);
        boolean crashed = false;
        try {
            sim.run(
                    () -> {
                        outcomes.add(first.store(ada()));
                        outcomes.add(first.store(Mails.to("ada", 2, TextContent.of(TEXT))));
                    });
        } catch (SimCrash e) {
            crashed = true;
        }
        SimPlatform after = sim.restart(loss);
        assertThat(news(after))
                .hasSizeGreaterThanOrEqualTo(outcomes.size())
                .allMatch(STORED::equals);
        var again = Maildir.at(after.disk(), ROOT);
        for (int message = outcomes.size() + 1; message <= 2; message++) {
            LocalMail mail = Mails.to("ada", message, TextContent.of(TEXT));
            assertThat(after.<Outcome, RuntimeException>call(() -> again.store(mail)))
                    .isEqualTo(Outcomes.STORED);
        }
        assertThat(news(after)).containsExactly(STORED, STORED);
        assertThat(news(after.restart(SimLoss.POWER_KEEPS_NOTHING)))
                .containsExactly(STORED, STORED);
        return crashed;
    }

    @Test
    void messagesOfOneFolderShareTheirDirectoryForce() throws IOException {
        int count = 50;
        store(Mails.to("ada", 1000, TextContent.of(TEXT)));
        long before = sim.disk().count(SimDiskOperation.FORCE_DIRECTORY);
        sim.disk().forceTakes(Duration.ofMillis(5));
        List<Outcome> outcomes = new ArrayList<>();
        sim.run(
                () -> {
                    for (int i = 1; i <= count; i++) {
                        LocalMail mail = Mails.to("ada", i, TextContent.of(TEXT));
                        sim.threads().start("store", () -> outcomes.add(maildir.store(mail)));
                    }
                    sim.advance(Duration.ofSeconds(1));
                });
        assertThat(outcomes).hasSize(count).containsOnly(Outcomes.STORED);
        assertThat(news(sim)).hasSize(count + 1);
        assertThat(sim.disk().count(SimDiskOperation.FORCE_DIRECTORY)).isLessThan(before + 6);
        assertThat(news(sim.restart(SimLoss.POWER))).hasSize(count + 1);
    }

    @Test
    void aFailedDirectoryForceDefersAllThatWaitedForIt() throws IOException {
        sim.disk().forceTakes(Duration.ofMillis(5));
        List<Outcome> outcomes = new ArrayList<>();
        sim.run(
                () -> {
                    maildir.store(Mails.to("ada", 1000, TextContent.of(TEXT)));
                    sim.disk()
                            .failAll(
                                    SimDiskOperation.FORCE_DIRECTORY,
                                    SimDiskFailure.INPUT_OUTPUT_ERROR);
                    for (int i = 1; i <= 10; i++) {
                        LocalMail mail = Mails.to("ada", i, TextContent.of(TEXT));
                        sim.threads().start("store", () -> outcomes.add(maildir.store(mail)));
                    }
                    sim.advance(Duration.ofSeconds(1));
                });
        assertThat(outcomes).hasSize(10).allMatch(Outcome.Deferred.class::isInstance);
    }

    private Outcome store(LocalMail mail) {
        return sim.call(() -> maildir.store(mail));
    }

    private static LocalMail ada() {
        return Mails.to("ada", 1, TextContent.of(TEXT));
    }

    private static String text(Outcome outcome) {
        return outcome.reply().toString();
    }

    /** The texts in Ada's {@code new}. */
    private static List<String> news(SimPlatform sim) throws IOException {
        var texts = new ArrayList<String>();
        Path folder = ADA.resolve("new");
        sim.run(
                () -> {
                    if (sim.disk().exists(folder)) {
                        for (String name : sim.disk().list(folder)) {
                            texts.add(
                                    new String(
                                            sim.disk().contents(folder.resolve(name)), ISO_8859_1));
                        }
                    }
                });
        return texts;
    }
}
