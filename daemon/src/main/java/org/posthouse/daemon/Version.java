package org.posthouse.daemon;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version as Maven wrote it into the jar. */
final class Version implements IVersionProvider {
    private static final String FILE =
            "/META-INF/maven/org.posthouse/posthouse-daemon/pom.properties";

    static String text() {
        try (InputStream in = Version.class.getResourceAsStream(FILE)) {
            var properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "(not packaged)");
        } catch (IOException e) {
            return "(not packaged)";
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {"posthouse " + text()};
    }
}
