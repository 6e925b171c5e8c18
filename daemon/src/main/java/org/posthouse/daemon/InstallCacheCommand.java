package org.posthouse.daemon;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code posthouse install-cache}. */
@Command(
        name = "install-cache",
        description = {
            "Have the Java of this installation learn to start and to relay, and keep that in a"
                    + " file beside the program (lib/posthouse.aot), which later starts use.",
            "Takes about a minute, both processors, and 400 MB in the temporary folder. Mail of its"
                + " own goes around on 127.0.0.1; no configuration, queue or other host is touched."
                + " To be done again with another Java, another version of Posthouse, or other"
                + " JAVA_OPTS: a file that does not fit is not used.",
            "Exit codes: 0 made, 69 this Java makes none, 70 it could not be made, 73 the folder"
                    + " can't be written."
        },
        mixinStandardHelpOptions = true)
final class InstallCacheCommand implements Callable<Integer> {
    private static final String NO_SUCH_JAVA = "PH-S069";
    private static final String NOT_WRITABLE = "PH-S070";
    private static final String NOT_MADE = "PH-S071";

    private static final int MESSAGES = 60_000;
    private static final int MEGA = 1_000_000;

    @Option(
            names = "--messages",
            paramLabel = "N",
            hidden = true,
            description = "As many as can be relayed in 25 s, and no more than ${DEFAULT-VALUE}.",
            defaultValue = "" + MESSAGES)
    private int messages = MESSAGES;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    InstallCacheCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        TrainedJvm jvm = TrainedJvm.ofThisProcess();
        String unfit = jvm.unfit();
        if (!unfit.isEmpty()) {
            return failed(NO_SUCH_JAVA, unfit, Exit.UNAVAILABLE);
        }
        Path file = jvm.lib().resolve("posthouse.aot");
        if (!Files.isWritable(jvm.lib())) {
            return failed(
                    NOT_WRITABLE, jvm.lib() + " can't be written by this user", Exit.CANT_CREATE);
        }
        PrintWriter err = spec.commandLine().getErr();
        err.println("posthouse: learning, which takes about a minute...");
        err.flush();
        try {
            CacheMaker.Made made = new CacheMaker(jvm, messages).make(file);
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "made %s, %d MB, in %d s: starts use it from now on%n",
                    file, made.octets() / MEGA, made.took().toSeconds());
            out.flush();
            return Exit.OK;
        } catch (IOException e) {
            return failed(NOT_MADE, String.valueOf(e.getMessage()), Exit.SOFTWARE);
        }
    }

    private int failed(String code, String why, int exit) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("error[" + code + "]: " + why);
        err.println("   help: posthouse help " + code);
        err.flush();
        return exit;
    }
}
