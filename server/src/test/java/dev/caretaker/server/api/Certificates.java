package dev.caretaker.server.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority and what it signs, made with the JDK's own keytool, in PEM files of one folder. */
public record Certificates(Path folder) {
    private static final String PASSWORD = "changeit";

    /** Makes the authority. */
    public static Certificates authority(Path folder) throws Exception {
        Certificates made = new Certificates(folder);
        made.keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Test Authority", "-ext", "bc:c");
        made.keytool(
                "-exportcert", "-alias", "ca", "-rfc", "-file", made.authority().toString());
        return made;
    }

    public Path authority() {
        return certificate("ca");
    }

    public Path certificate(String alias) {
        return folder.resolve(alias + ".crt");
    }

    public Path key(String alias) {
        return folder.resolve(alias + ".key");
    }

    /** Makes a key, and a certificate for it that the authority signed, for 90 days. */
    public void sign(String alias, String subject, String alternatives) throws Exception {
        sign(alias, subject, alternatives, 90);
    }

    /** The same for so many days. */
    public void sign(String alias, String subject, String alternatives, int days) throws Exception {
        keytool("-genkeypair", "-alias", alias, "-dname", subject);
        Path request = folder.resolve(alias + ".csr");
        keytool("-certreq", "-alias", alias, "-file", request.toString());
        keytool(
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                request.toString(),
                "-outfile",
                certificate(alias).toString(),
                "-rfc",
                "-validity",
                Integer.toString(days),
                "-ext",
                "san=" + alternatives);
        writeKey(alias);
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        if (List.of(arguments).contains("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        command.addAll(List.of(
                "-keystore", folder.resolve("store.p12").toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }

    private void writeKey(String alias) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(folder.resolve("store.p12").toFile(), PASSWORD.toCharArray());
        byte[] key = store.getKey(alias, PASSWORD.toCharArray()).getEncoded();
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
        Files.writeString(key(alias), "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
    }
}
