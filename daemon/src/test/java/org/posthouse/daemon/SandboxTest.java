package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.Message;
import org.posthouse.QueueView;
import org.posthouse.daemon.SandboxInbox.Bounds;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.ForwardingPlatform;
import org.posthouse.platform.Https;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.platform.UnixSocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code posthouse dev}: what it takes, keeps and refuses, and that nothing leaves it. */
class SandboxTest {
    @TempDir Path data;

    /** What the machine can do, with everything that leads outside counted. */
    private static final class Watched extends ForwardingPlatform {
        private final AtomicInteger outside;

        Watched(Platform platform, AtomicInteger outside) {
            super(platform);
            this.outside = outside;
        }

        @Override
        public Dns dns() {
            outside.incrementAndGet();
            return super.dns();
        }

        @Override
        public Https https() {
            outside.incrementAndGet();
            return super.https();
        }

        @Override
        public Network network() {
            Network network = super.network();
            return new Network() {
                @Override
                public Listening listen(InetSocketAddress address, int backlog) throws IOException {
                    return network.listen(address, backlog);
                }

                @Override
                public Listening listen(UnixSocket socket, int backlog) throws IOException {
                    return network.listen(socket, backlog);
                }

                @Override
                public Connection connect(
                        InetSocketAddress remote, InetAddress source, Deadline deadline)
                        throws IOException {
                    outside.incrementAndGet();
                    return network.connect(remote, source, deadline);
                }

                @Override
                public Connection connect(UnixSocket socket, Deadline deadline) throws IOException {
                    outside.incrementAndGet();
                    return network.connect(socket, deadline);
                }
            };
        }
    }

    /** Its user does all that could make it relay: it has nothing to do it with. */
    @Test
    void nothingLeavesWhateverItIsTold() throws Exception {
        var outside = new AtomicInteger();
        try (var far = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                var run = new SandboxRun(data, Bounds.DEFAULT, p -> new Watched(p, outside));
                SandboxRun.Client client = run.client()) {
            assertThat(client.send("ada@far.example", "Hello")).startsWith("250 2.0.0 queued as ");
            Message own = Message.builder().from("a@x").to("bob@far.example").text("x").build();
            String submitted = run.sandbox.engine().submit(own).id().toString();
            assertThat(run.run("msg", "list", "--json", "--state", "suspended").out().lines())
                    .hasSize(2);

            assertThat(run.run("queue", "resume", "--domain", "*").exit()).isZero();
            run.awaitDeferred(2);
            String host = "127.0.0.1:" + far.getLocalPort();
            assertThat(run.run("msg", "redirect", submitted, "--via", host, "--yes").exit())
                    .isZero();
            run.awaitDeferred(1);
            assertThat(run.sandbox.engine().queue().list(10))
                    .hasSize(2)
                    .extracting(QueueView.Entry::lastReply)
                    .anyMatch(reply -> reply.contains("a sandbox connects to nobody"))
                    .anyMatch(reply -> reply.contains(SandboxSettings.WHY));
            assertThat(outside).as("connections and questions").hasValue(0);
            far.setSoTimeout(1);
            assertThatThrownBy(far::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void anybodyMayLogInAndTheMailIsShown() throws Exception {
        try (var run = new SandboxRun(data);
                SandboxRun.Client client = run.client()) {
            assertThat(client.say("AUTH PLAIN AHdobwBhbnk=")).startsWith("235 ");
            String reply = client.send("ada@far.example", "Hello");
            String id = reply.substring(reply.lastIndexOf(' ') + 1);
            assertThat(run.run("msg", "list").out()).contains(id, "ada@far.example");
            assertThat(run.run("msg", "show", id).out())
                    .contains("\"Hello\"", "login who", "SUSPENDED by domain *");
            assertThat(run.run("status").out()).contains("nobody, a sandbox delivers nothing");
            assertThat(run.end()).contains("app@shop.example -> ada@far.example   \"Hello\"", id);
        }
    }

    @Test
    void magicAddressesFailAsTheySay() throws Exception {
        try (var run = new SandboxRun(data);
                SandboxRun.Client client = run.client()) {
            assertThat(client.recipient("550@x")).startsWith("550 5.1.1 as the address asks");
            assertThat(client.recipient("452+ada@shop.example")).startsWith("452 4.2.2 ");
            assertThat(client.recipient("501@x")).startsWith("501 5.0.0 ");
            assertThat(client.recipient("250@x")).startsWith("250 ");
            assertThat(client.recipient("5500@x")).startsWith("250 ");
            assertThat(client.recipient("greylist@x")).startsWith("451 4.7.1 ");
            assertThat(client.recipient("greylist@y")).startsWith("451 4.7.1 ");
            assertThat(client.recipient("greylist@x")).startsWith("250 ");
            assertThat(client.recipient("421@x")).startsWith("421 4.3.2 ");
            assertThat(client.say("NOOP")).as("it is closed").isEmpty();
            try (SandboxRun.Client other = run.client()) {
                assertThat(other.recipient("drop@x")).isEmpty();
            }
            try (SandboxRun.Client other = run.client()) {
                other.say("MAIL FROM:<a@x>");
                other.socket().setSoTimeout(100);
                assertThatThrownBy(() -> other.say("RCPT TO:<timeout@x>"))
                        .isInstanceOf(SocketTimeoutException.class);
            }
            assertThat(run.end()).contains("550@x refused: 550 5.1.1 ").contains("  refused: 421");
        }
    }

    /** Every line of the page is about an address that is magic. */
    @Test
    void thePageTellsWhatThereIs() {
        CommandRun page = CommandRun.of("help", "faults");
        assertThat(page.exit()).isZero();
        for (MagicAddress.Line each : MagicAddress.ALL) {
            String word = each.address().replace("NNN", "559").replace("@x", "");
            assertThat(page.out()).contains(each.address()).contains(each.effect());
            assertThat(MagicAddress.of(word)).as(word).isNotEqualTo(new MagicAddress.Plain());
        }
        assertThat(MagicAddress.of("560")).isEqualTo(new MagicAddress.Plain());
        assertThat(MagicAddress.of("ada")).isEqualTo(new MagicAddress.Plain());
    }

    @Test
    void theNewestStay() throws Exception {
        try (var run = new SandboxRun(data, new Bounds(3, 1 << 20), p -> p);
                SandboxRun.Client client = run.client()) {
            for (int i = 1; i <= 5; i++) {
                assertThat(client.send("ada@far.example", "Number " + i)).startsWith("250 ");
            }
            run.awaitReceived(5);
            assertThat(subjects(run)).containsExactly("Number 3", "Number 4", "Number 5");
        }
        try (var again = new SandboxRun(data, new Bounds(2, 1 << 20), p -> p)) {
            assertThat(subjects(again)).containsExactly("Number 4", "Number 5");
        }
        try (var again = new SandboxRun(data, new Bounds(9, 300), p -> p)) {
            assertThat(subjects(again)).as("room for one").containsExactly("Number 5");
        }
    }

    private static List<String> subjects(SandboxRun run) {
        QueueView queue = run.sandbox.engine().queue();
        return queue.list(10).stream()
                .map(entry -> queue.content(entry.id().message()).map(QueueControl::subject))
                .map(Optional::orElseThrow)
                .toList();
    }

    @Test
    void aServersDataAndASandboxsAreNoPlaceForTheOther() throws Exception {
        try (var run = new SandboxRun(data.resolve("sandbox"))) {
            assertThat(SandboxFolder.isSandbox(run.data)).isTrue();
        }
        Path config = data.resolve("posthouse.toml");
        Files.writeString(config, "data = \"sandbox\"\n[listener.a]\nbind = \"127.0.0.1:2525\"\n");
        CommandRun server = CommandRun.of("run", "--config", config);
        assertThat(server.exit()).isEqualTo(Exit.CONFIG);
        assertThat(server.err()).contains("error[PH-S065]");
        CommandRun dev = CommandRun.of("dev", "--port", "0", "--data", data);
        assertThat(dev.exit()).isEqualTo(Exit.CONFIG);
        assertThat(dev.err()).contains("error[PH-S065]", "is not empty");
        assertThat(CommandRun.of("dev", "--port", "70000").exit()).isEqualTo(Exit.USAGE);
    }

    @Test
    void aFolderOfItsOwnGoesWithIt() throws IOException {
        Path folder;
        try (SandboxFolder own = SandboxFolder.open(Optional.empty())) {
            folder = own.path();
            assertThat(Files.getPosixFilePermissions(folder))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            Path kept = Files.writeString(data.resolve("kept"), "x");
            Files.createSymbolicLink(folder.resolve("link"), kept);
        }
        assertThat(folder).doesNotExist();
        assertThat(data.resolve("kept")).exists();
    }

    /** What a sandbox that was killed has left goes with the next one; what runs stays. */
    @Test
    void whatOthersLeftBehindGoes() throws IOException {
        Path dead = Files.createTempDirectory("posthouse-dev-999999999999-");
        Files.writeString(dead.resolve("sandbox"), "x");
        try (SandboxFolder alive = SandboxFolder.open(Optional.empty());
                SandboxFolder other = SandboxFolder.open(Optional.empty())) {
            assertThat(dead).doesNotExist();
            assertThat(alive.path()).isDirectory();
            assertThat(other.path()).isDirectory();
        }
    }

    @Test
    void aSandboxListensOnThisMachineAlone() {
        try (JdkPlatform real = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            Network network = new SandboxPlatform(real).network();
            assertThatThrownBy(() -> network.listen(new InetSocketAddress("0.0.0.0", 0), 1))
                    .isInstanceOf(IOException.class);
        }
    }
}
