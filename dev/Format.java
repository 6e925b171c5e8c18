import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Runs google-java-format over all sources of the project: rewrites them, or with {@code --check}
 * names those that differ and fails. Called by {@code dev/format} and by the build (tidy/pom.xml),
 * in the root folder or with it as last argument.
 */
final class Format {
    private Format() {}

    public static void main(String[] args) throws IOException {
        List<String> rest = new ArrayList<>(List.of(args));
        boolean check = rest.remove("--check");
        Path root = Path.of(rest.isEmpty() ? "." : rest.getLast());
        List<String> command = new ArrayList<>(List.of("--aosp"));
        command.addAll(
                check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
        sources(root).forEach(source -> command.add(source.toString()));
        StringWriter differing = new StringWriter();
        ToolProvider formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
        int status =
                formatter.run(
                        new PrintWriter(differing, true),
                        new PrintWriter(System.err, true),
                        command.toArray(String[]::new));
        if (!differing.toString().isEmpty()) {
            System.out.print("Not in the project's form, dev/format mends it:\n" + differing);
        }
        System.exit(status);
    }

    private static List<Path> sources(Path root) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path dir, BasicFileAttributes attributes) {
                        String name = dir.getFileName().toString();
                        boolean ours =
                                dir.equals(root) || !name.equals("target") && !name.startsWith(".");
                        return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.toString().endsWith(".java")) {
                            found.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        found.sort(null);
        return found;
    }
}
