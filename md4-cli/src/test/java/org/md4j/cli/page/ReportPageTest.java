package org.md4j.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The page in a real browser; needs Debian's packages chromium and chromium-driver. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class ReportPageTest {
  /** JavaScript's logarithm may differ from Java's in the last place. */
  private static final double ROUNDING = 1e-12;

  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final File DRIVER = new File("/usr/bin/chromedriver");
  private static final boolean REQUIRED = "1".equals(System.getenv("MD4_BROWSER_REQUIRED"));

  private ChromeDriver browser;
  private Path page;
  private Path picturePage;

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    assumeTrue(
        REQUIRED || (Files.isExecutable(BROWSER) && DRIVER.canExecute()),
        "no browser: install the packages chromium and chromium-driver");
    page = Files.writeString(folder.resolve("report.html"), Reports.twoTexts("two").toHtml());
    picturePage =
        Files.writeString(
            folder.resolve("pictures.html"), Reports.twoPictures("pictures").toHtml());
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BROWSER.toFile());
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + folder.resolve("browser"));
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER).usingAnyFreePort().build();
    browser = new ChromeDriver(service, options);
  }

  @AfterAll
  void close() {
    if (browser != null) {
      browser.quit();
    }
  }

  @BeforeEach
  void load() {
    browser.get(page.toUri().toString());
  }

  @Test
  void loadsWithoutAnyComplaintAndWithoutAnyRequest() {
    log(LogType.PERFORMANCE); // Forget what the browser did before.
    log(LogType.BROWSER);

    load();
    moveSliderTo(1);
    element("play").click();

    assertThat(log(LogType.PERFORMANCE))
        .filteredOn(message -> message.contains("\"Network.requestWillBeSent\""))
        .filteredOn(message -> !message.contains("\"url\":\"data:"))
        .singleElement()
        .asString()
        .contains("\"type\":\"Document\"", "\"url\":\"" + page.toUri());
    assertThat(log(LogType.BROWSER)).isEmpty();
  }

  @Test
  void showsTheFinishedTextsFirst() {
    assertThat(texts()).containsExactly("abc", "too");
    assertThat(element("protocol").getText()).contains("remasking");
    assertThat(element("subtitle").getText()).isEqualTo("two");
  }

  @Test
  void theSliderGoesThroughTheSteps() {
    moveSliderTo(0);
    assertThat(texts()).containsExactly("___", "to_");

    moveSliderTo(1);
    assertThat(texts()).containsExactly("__c", "tox");
    assertThat(element("position").getText())
        .isEqualTo("Step 1: 2 revealed; 2 of 4 characters are written.");

    moveSliderTo(2);
    assertThat(texts()).containsExactly("_bc", "to_");
    assertThat(element("position").getText()).contains("Step 4: 1 revealed, 1 masked again");
  }

  @Test
  void theSliderObeysTheKeyboard() {
    element("step").sendKeys(Keys.HOME);
    assertThat(texts()).containsExactly("___", "to_");

    element("step").sendKeys(Keys.ARROW_RIGHT);
    assertThat(texts()).containsExactly("__c", "tox");
    assertThat(element("step").getDomAttribute("aria-valuetext")).contains("step 1");
  }

  @Test
  void thePlayButtonRunsToTheEnd() {
    moveSliderTo(0);

    element("play").click();

    browser.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
    browser.executeAsyncScript(
        "const done = arguments[0];const wait = () => document.getElementById('step').value === '3'"
            + " ? done() : setTimeout(wait, 20);wait();");
    assertThat(texts()).containsExactly("abc", "too");
  }

  @Test
  void aFocusedCharacterTellsHowItWasDrawn() {
    WebElement second = browser.findElements(By.className("sample")).get(1);

    second.sendKeys(Keys.END);

    assertThat(element("detail").getText())
        .contains("“o”", "probability 0.875", "entropy 0.25 nats", "step 9", "once before");
    assertThat(second.getDomAttribute("aria-activedescendant")).isEqualTo("cell-1-2");
    second.sendKeys(Keys.ARROW_LEFT);
    assertThat(element("detail").getText()).contains("“o” was given");
    assertThat(second.getDomAttribute("aria-label")).isEqualTo("Text 2: too");
  }

  @Test
  void coloursFollowTheChosenQuantity() {
    double[] entropies = {0, 0.5 / Math.log(27), 1.25 / Math.log(27)};
    assertThat(shares()).containsExactly(entropies, within(ROUNDING));
    assertThat(element("legend").getText()).contains("3.30 nats");

    browser.findElement(By.cssSelector("input[value=order]")).click();

    assertThat(shares()).containsExactly(1, 0.5, 0);
    assertThat(element("legend").getText()).contains("last revealed");
  }

  @Test
  void picturesLoadWithoutAnyComplaintAndWithoutAnyRequest() {
    log(LogType.PERFORMANCE);
    log(LogType.BROWSER);
    browser.get(picturePage.toUri().toString());
    moveSliderTo(1);
    browser.findElement(By.cssSelector("input[value=entropy]")).click();
    assertThat(log(LogType.PERFORMANCE))
        .filteredOn(message -> message.contains("\"Network.requestWillBeSent\""))
        .filteredOn(message -> !message.contains("\"url\":\"data:"))
        .singleElement()
        .asString()
        .contains("\"type\":\"Document\"", "\"url\":\"" + picturePage.toUri());
    assertThat(log(LogType.BROWSER)).isEmpty();
  }

  @Test
  void theSliderGoesThroughTheStepsOfPictures() {
    browser.get(picturePage.toUri().toString());
    assertThat(pixels(0)).containsExactly(10L, 20L, 30L, 40L, 50L, 60L);
    assertThat(pixels(1)).containsExactly(1L, 2L, 3L, 200L, 5L, 6L);
    moveSliderTo(0);
    assertThat(pixels(0)).containsOnly(128L);
    assertThat(pixels(1)).containsExactly(1L, 2L, 3L, 128L, 5L, 6L);
    assertThat(element("position").getText()).contains("0 of 7 dimensions are drawn");
    moveSliderTo(1);
    assertThat(pixels(0)).containsExactly(128L, 128L, 30L, 128L, 128L, 60L);
    assertThat(pixels(1)).containsExactly(1L, 2L, 3L, 9L, 5L, 6L);
    moveSliderTo(2);
    assertThat(pixels(0)).containsExactly(128L, 20L, 30L, 128L, 50L, 60L);
    assertThat(pixels(1)).containsExactly(1L, 2L, 3L, 128L, 5L, 6L);
    assertThat(element("position").getText()).contains("2 revealed, 1 masked again");
  }

  @Test
  void aFocusedPixelTellsHowItWasDrawn() {
    browser.get(picturePage.toUri().toString());
    WebElement second = browser.findElements(By.className("picture")).get(1);
    second.sendKeys(Keys.END);
    assertThat(element("detail").getText())
        .contains("Pixel (1, 0): red 200, probability 0.250", "step 3", "green 5 was given");
    second.sendKeys(Keys.ARROW_LEFT);
    assertThat(element("detail").getText()).contains("Pixel (0, 0): red 1 was given");
    assertThat(second.getDomAttribute("aria-label"))
        .isEqualTo("Picture 2: 1 of 1 dimensions are drawn");
  }

  @Test
  void pixelsTakeTheColourOfTheChosenQuantity() {
    browser.get(picturePage.toUri().toString());
    browser.findElement(By.cssSelector("input[value=entropy]")).click();
    assertThat(pixels(1).subList(0, 3)).as("given").containsExactly(1L, 2L, 3L);
    List<Long> half = pixels(1).subList(3, 6);
    moveSliderTo(1);
    List<Long> most = pixels(1).subList(3, 6);
    moveSliderTo(2);
    assertThat(pixels(1).subList(3, 6)).as("masked").containsExactly(128L, 5L, 6L);
    assertThat(most).isNotEqualTo(half);
    assertThat(element("legend").getText()).contains("any of 256 values");
  }

  /** Red, green and blue of every pixel of a picture. */
  @SuppressWarnings("unchecked") // Selenium returns what the script does, a list of whole numbers.
  private List<Long> pixels(int picture) {
    return (List<Long>)
        browser.executeScript(
            "const canvas = document.querySelectorAll('canvas')[arguments[0]];const all ="
                + " canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);return"
                + " [...all.data].filter((value, i) => i % 4 !== 3);",
            picture);
  }

  /** How far along the scale of colours each character of the first text is. */
  private double[] shares() {
    return browser.findElements(By.cssSelector("#samples section:first-child .cell")).stream()
        .map(
            cell ->
                (String)
                    browser.executeScript(
                        "return arguments[0].style.getPropertyValue('--h')", cell))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  private List<String> texts() {
    return browser.findElements(By.className("sample")).stream().map(WebElement::getText).toList();
  }

  private void moveSliderTo(int round) {
    browser.executeScript(
        "const slider = document.getElementById('step'); slider.value = arguments[0];"
            + "slider.dispatchEvent(new Event('input'));",
        round);
  }

  /** What was logged since the last time this was asked. */
  private List<String> log(String type) {
    return browser.manage().logs().get(type).getAll().stream().map(LogEntry::getMessage).toList();
  }

  private WebElement element(String id) {
    return browser.findElement(By.id(id));
  }
}
