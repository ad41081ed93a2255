package dev.retrap.repl.cli;

import dev.retrap.repl.terminal.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints and recordings say about their recorder. */
final class Version implements IVersionProvider {
    /** {@return name and version, e.g. {@code retrap 0.1.0}} */
    static String nameAndVersion() {
        return "retrap " + number();
    }

    private static String number() {
        Properties build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new Trouble("the program's own build.properties cannot be read: build it anew", e);
        }
        return build.getProperty("version");
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            nameAndVersion(), "Java " + Runtime.version() + " on " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch")
        };
    }
}
