package org.posthouse.daemon;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command line did. */
record CommandRun(int exit, String out, String err) {
    static CommandRun of(Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        CommandLine line =
                Main.commandLine(words).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exit = line.execute(words);
        return new CommandRun(exit, out.toString(), err.toString());
    }
}
