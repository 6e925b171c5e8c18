package org.posthouse.daemon;

import org.posthouse.client.Answer;
import org.posthouse.client.ClientSession;
import org.posthouse.client.ClientSettings;
import org.posthouse.client.ClientSettings.Streaming;
import org.posthouse.client.ClientSettings.UseTls;
import org.posthouse.client.ClientTimeouts;
import org.posthouse.client.HostTrait;
import org.posthouse.client.Login;
import org.posthouse.client.Opening;
import org.posthouse.client.Steps;
import org.posthouse.client.Transaction;
import org.posthouse.core.BodyType;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.Ret;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SaslMechanism;
import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.Connection;
import org.posthouse.platform.DnsAnswer;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Network;
import org.posthouse.platform.TlsContexts;
import org.posthouse.platform.TlsSettings;
import org.posthouse.policy.Route.HostPort;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code posthouse send}. */
@Command(
        name = "send",
        description = {
            "Send one message over SMTP and show what is said, with the time of each step; to the"
                    + " running daemon, or to any server.",
            "Exit codes: 0 taken, 64 this makes no sense, 69 the server can't be reached, 75"
                    + " refused for now, 77 refused for good."
        },
        mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(30);
    private static final int PORT = 25;
    private static final int TLS_PORT = 465;
    private static final int ID_OCTETS = 12;

    @Mixin private SendMessageOptions message = new SendMessageOptions();
    @Mixin private SendServerOptions server = new SendServerOptions();

    @Option(
            names = "--stop-after",
            paramLabel = "STAGE",
            description = "Say QUIT behind connect, ehlo, tls, auth, mail or rcpt.")
    private SendStage last = SendStage.DATA;

    @Option(names = "--json", description = "What is said as JSON, a line each.")
    private boolean json;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    SendCommand() {}

    @Override
    public Integer call() {
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            return send(platform);
        } catch (IllegalArgumentException e) {
            err().println("posthouse: " + e.getMessage());
            return Exit.USAGE;
        } catch (IOException e) {
            err().println("posthouse: " + e.getMessage());
            return Exit.NO_INPUT;
        } finally {
            err().flush();
            out().flush();
        }
    }

    private int send(JdkPlatform platform) throws IOException {
        boolean isImplicit = server.tls() == UseTls.IMPLICIT;
        HostPort host = server.host(isImplicit ? TLS_PORT : PORT);
        String password = server.password();
        String helo = MachineName.find(System.getenv());
        var id = new byte[ID_OCTETS];
        platform.entropy().fill(id);
        var content = new TestMessage(HexFormat.of().formatHex(id), helo, platform.time().now());
        Transaction transaction = message.transaction(content);
        var transcript = new SendTranscript(out(), json, platform.time()::nanos);
        Connection connection;
        try {
            connection = connect(platform, host);
        } catch (IOException e) {
            transcript.note("no connection to " + host + ": " + e.getMessage());
            return Exit.UNAVAILABLE;
        }
        transcript.note("connected to " + Daemon.place(connection.remote()));
        var recorded = new SendConnection(connection, transcript, last, false);
        Opening opening =
                ClientSession.open(
                        platform.time(), recorded, settings(platform, host, password), Steps.NONE);
        return switch (opening) {
            case Opening.NotOpened no -> {
                if (!no.said() && !transcript.isStopped()) {
                    transcript.note(no.reply().toString());
                }
                yield transcript.isStopped() ? Exit.OK : exit(no.reply(), no.said());
            }
            case Opening.Opened opened -> transact(opened.session(), transaction, transcript);
        };
    }

    private static int transact(
            ClientSession session, Transaction transaction, SendTranscript transcript) {
        List<Answer> answers = session.transact(transaction);
        session.quit();
        if (transcript.isStopped()) {
            return Exit.OK;
        }
        int exit = Exit.OK;
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            if (!answer.isDelivered()) {
                boolean said = answer.kind() == Answer.Kind.SAID;
                exit = Math.max(exit, exit(answer.reply(), said));
                String whom = transaction.recipients().get(i).mailbox().address();
                transcript.note("not taken for " + whom + ": " + answer.reply());
            }
        }
        return exit;
    }

    private static int exit(Reply reply, boolean said) {
        return said && reply.isPermanent() ? Exit.REFUSED : Exit.TEMPORARY;
    }

    private ClientSettings settings(JdkPlatform platform, HostPort host, String password) {
        boolean verify = server.verifies();
        return new ClientSettings(
                ClientSettings.Protocol.SMTP,
                MachineName.find(System.getenv()),
                server.tls(),
                new TlsSettings.Client(
                        verify ? TlsContexts.systemTrust() : TlsContexts.trustAll(),
                        host.host(),
                        verify),
                true,
                server.user().isEmpty() ? Login.NONE : login(platform, password),
                Streaming.OFF,
                Set.of(HostTrait.NO_PIPELINING, HostTrait.NO_CHUNKING),
                ClientTimeouts.DEFAULT);
    }

    private Login login(JdkPlatform platform, String password) {
        return new Login.Password(
                SaslMechanism.AUTO,
                server.user(),
                password,
                () -> {
                    var nonce = new byte[ID_OCTETS];
                    platform.entropy().fill(nonce);
                    return HexFormat.of().formatHex(nonce);
                });
    }

    private static Connection connect(JdkPlatform platform, HostPort host) throws IOException {
        Optional<InetAddress> literal = AddressLiteral.parse(host.host());
        List<InetAddress> addresses = literal.map(List::of).orElse(List.of());
        if (literal.isEmpty()
                && platform.dns().system(host.host())
                        instanceof DnsAnswer.Found<InetAddress> found) {
            addresses = found.records();
        }
        IOException last = new IOException("the name has no address");
        for (InetAddress each : addresses) {
            try {
                return platform.network()
                        .connect(
                                new InetSocketAddress(each, host.port()),
                                Network.ANY_SOURCE,
                                platform.time().after(CONNECT_WITHIN));
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** The envelope of a content with these recipients. */
    static Transaction transaction(String from, List<String> to, byte[] content) {
        ReversePath path =
                from.isEmpty() || from.equals("<>") ? ReversePath.NULL : Mailbox.parse(from);
        List<Recipient> recipients = to.stream().map(Mailbox::parse).map(Recipient::of).toList();
        boolean utf8 =
                recipients.stream().anyMatch(each -> each.mailbox().needsSmtpUtf8())
                        || (path instanceof Mailbox mailbox && mailbox.needsSmtpUtf8());
        var options =
                new MailOptions(
                        content.length, BodyType.SEVEN_BIT, utf8, Ret.UNSPECIFIED, "", "", false);
        return new Transaction(path, options, recipients, new OctetContent(content));
    }
}
