package dev.caretaker.server.console;

import static dev.caretaker.server.console.Patience.await;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium, driven; one for all tests of the process. */
final class Chrome {
    private static final List<String> BROWSERS = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser");
    private static final List<String> DRIVERS = List.of("/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver");

    private Chrome() {}

    /** Whether it is installed with its driver. */
    static boolean isThere() {
        return found(BROWSERS).isPresent() && found(DRIVERS).isPresent();
    }

    /** Starts none before it is asked for. */
    static ChromeDriver driver() {
        return Shared.DRIVER;
    }

    private static final class Shared {
        static final ChromeDriver DRIVER = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(DRIVER::quit));
        }
    }

    private static Optional<String> found(List<String> places) {
        return places.stream().filter(place -> new File(place).canExecute()).findFirst();
    }

    private static ChromeDriver start() {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(found(BROWSERS).orElseThrow());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(found(DRIVERS).orElseThrow()))
                .usingAnyFreePort()
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(1));
        // For axe, which looks at a page of any length in one go.
        driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(2));
        return driver;
    }

    static void signIn(ConsoleServer server) {
        // Cookies are those of the page that is open.
        driver().get("http://" + server.address() + "/console/sign-in");
        driver().manage().deleteAllCookies();
        driver().get("http://" + server.address() + "/console/");
        driver().findElement(By.name("token")).sendKeys(ConsoleServer.TOKEN);
        driver().findElement(By.cssSelector("main button")).click();
        await().until(() -> !driver().findElements(By.cssSelector("#live")).isEmpty());
        said();
    }

    /** What the browser complained of since this was asked last: what its policy forbade, scripts that failed. */
    static List<String> said() {
        return driver().manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Looks as if it were in that zone. */
    static void zone(String zone) {
        driver().executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", zone));
    }

    /** @param scheme light or dark */
    static void look(int width, String scheme) {
        driver().executeCdpCommand(
                        "Emulation.setEmulatedMedia",
                        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        driver().executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    }
}
