//! Web pages: main text and what the page tells about it.

use super::*;

#[test]
fn html_gives_main_text_title_outlet_language_and_date() {
    let paragraphs: String = (0..6).map(|_| format!("<p>{POLISH}</p>")).collect();
    let page = format!(
        "<html lang='pl-PL'><head><title>Drony | Głos</title><meta property='og:site_name' content='Głos Ranka'>\
         <meta property='og:title' content='Drony &amp; wojna'>\
         <meta property='article:published_time' content='2023-06-12T07:45:00+02:00'></head>\
         <body><nav><a href='/'>Start</a></nav><script>alert('x')</script><article>{paragraphs}</article>\
         <footer>Impressum</footer></body></html>"
    );
    let corpus = read(&folder(&[("page.html", page.as_bytes())]));
    let article = &corpus.articles[0];
    assert_eq!(article.title.as_deref(), Some("Drony & wojna"));
    assert_eq!(article.outlet.as_deref(), Some("Głos Ranka"));
    assert_eq!((article.language.as_str(), article.date.unwrap().to_string()), ("pl", "2023-06-12".to_owned()));
    assert_eq!(article.text.matches("Teheran").count(), 6);
    assert!(!article.text.contains("alert") && !article.text.contains("Start"), "{}", article.text);
}

#[test]
fn readers_comments_under_a_short_article_are_not_part_of_it() {
    let article = format!("<article><p>{CROATIAN}</p><p>{CROATIAN}</p></article>");
    let comments = format!("<div class='comment'><p>{POLISH}</p></div>").repeat(4);
    let page = format!("<html><body><div id='main'>{article}<div id='comments'>{comments}</div></div></body></html>");
    let text = &read(&folder(&[("page.html", page.as_bytes())])).articles[0].text;
    assert!(text.contains("Ministar") && !text.contains("Teheran"), "{text}");
}

#[test]
fn a_page_keeps_a_headline_that_differs_from_its_title() {
    let paragraphs = format!("<p>{POLISH}</p>").repeat(3);
    for (headings, headline) in [
        ("<article><h1>Lehrer streiken am Montag in Bremen</h1>", "Lehrer streiken am Montag in Bremen"),
        (
            "<div class='header'><h1>Kurier</h1></div><article><h2>LEHRER STREIKEN AM MONTAG</h2>",
            "LEHRER STREIKEN AM MONTAG",
        ),
    ] {
        let page = format!(
            "<html><head><meta property='og:title' content='Bremen: Lehrer streiken am Montag'></head>\
             <body>{headings}{paragraphs}</article></body></html>"
        );
        let text = &read(&folder(&[("page.html", page.as_bytes())])).articles[0].text;
        assert!(text.starts_with(&format!("{headline}\n\nTeheran")), "{text}");
    }
}

#[test]
fn a_page_that_is_nested_to_overflow_the_parser_is_skipped() {
    let page = |depth: usize| format!("<html><body>{}<p>{}</p></body></html>", "<div>".repeat(depth), POLISH.repeat(5));
    assert_eq!(reason("deep.html", page(100_000).as_bytes()), "elements are nested more than 1000 deep: no news page");
    let corpus = read(&folder(&[("deep.html", page(950).as_bytes())]));
    assert_eq!(corpus.articles[0].text.matches("Teheran").count(), 5);
    let hidden = format!("<html><body><svg><p></p>{}<p>{}</p></body></html>", "<div/>".repeat(3_000), POLISH.repeat(5));
    assert_eq!(reason("deep.html", hidden.as_bytes()), "elements are nested more than 1000 deep: no news page");
}

#[test]
fn drawings_and_scripts_do_not_count_as_nested() {
    let paragraphs: String = (0..6).map(|_| format!("<p>{POLISH}</p>")).collect();
    let (script, paths) = ("a<b;".repeat(1_500), "<path d=\"\"/>".repeat(1_500));
    let page =
        format!("<html><body><script>{script}</script><svg>{paths}</svg><article>{paragraphs}</article></body></html>");
    let corpus = read(&folder(&[("page.html", page.as_bytes())]));
    assert_eq!(corpus.articles[0].text.matches("Teheran").count(), 6);
    let page = format!("<html><body><svg/><svg></svg>{}</body></html>", "<div/>".repeat(100_000));
    assert!(reason("deep.html", page.as_bytes()).starts_with("elements are nested"), "HTML closes no such <div/>");
}

/// A page with an article under a headline that is its title.
fn article_page(head: &str, byline: &str) -> String {
    let (title, paragraphs) = ("Drony nad portem w Tarenie", format!("<p>{POLISH}</p>").repeat(3));
    format!(
        "<html lang='pl'><head><title>{title}</title>{head}</head>\
         <body><article><h1>{title}</h1>{byline}{paragraphs}</article></body></html>"
    )
}

#[test]
fn a_page_tells_its_day_in_many_ways() {
    let graph = "<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@graph\":[\
        {\"@type\":\"WebPage\",\"datePublished\":\"2025-01-01\"},\
        {\"@type\":[\"NewsArticle\"],\"datePublished\":\"2026-11-17T07:20:00Z\"}]}</script>";
    for (head, byline) in [
        (graph, ""),
        ("<meta name='date' content='2026-11-17'>", ""),
        ("<meta name='article:published_time' content='2026-11-17T07:20:00Z'>", ""),
        ("", "<span itemprop='datePublished' content='2026-11-17'></span>"),
        (
            "",
            "<div><time class='updated' datetime='2026-11-18'>wczoraj</time> <time datetime='2026-11-17'>we wtorek</time></div>",
        ),
        (
            "",
            "<div>Aktualizacja: <time datetime='2026-11-18'>18.11</time></div><div><time datetime='2026-11-17'>17.11</time></div>",
        ),
        ("", "<div class='byline'>Anna Nowak, 17 listopada 2026, 09:41 (aktualizacja 18 listopada 2026)</div>"),
    ] {
        let article = &read(&folder(&[("page.html", article_page(head, byline).as_bytes())])).articles[0];
        assert_eq!(article.date, "2026-11-17".parse().ok(), "{head}{byline}");
    }
}

#[test]
fn the_outlet_is_the_name_of_the_site_rather_than_its_publisher_or_its_host() {
    let publisher = "<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\",\
        \"publisher\":{\"name\":\"Wielka Grupa\"}}</script>";
    let named = format!("{publisher}<meta property='og:site_name' content='Głos Ranka'>");
    let address = "<link rel='canonical' href='https://www.glosranka.example/drony'>";
    for (head, outlet) in [(named.as_str(), "Głos Ranka"), (publisher, "Wielka Grupa"), (address, "glosranka.example")]
    {
        let article = &read(&folder(&[("page.html", article_page(head, "").as_bytes())])).articles[0];
        assert_eq!(article.outlet.as_deref(), Some(outlet));
        assert_eq!(article.url.is_some(), head == address);
    }
}

#[test]
fn a_text_that_a_page_holds_for_machines_only_is_read() {
    let data = serde_json::json!({ "@type": "NewsArticle", "articleBody": format!("<p>{POLISH}</p>\n<p>Drugi &amp; ostatni.</p>") });
    let page = format!(
        "<html lang='pl'><head><title>Drony</title><script type='application/ld+json'>{data}</script></head>\
         <body><div id='root'></div><p>Ta strona używa plików cookie.</p></body></html>"
    );
    let text = &read(&folder(&[("page.html", page.as_bytes())])).articles[0].text;
    assert_eq!(text.as_str(), format!("{POLISH}\n\nDrugi & ostatni."));
}

#[test]
fn items_of_a_list_have_their_mark_unless_they_are_links() {
    let list = "<ul><li>Ewakuowano 300 osób</li><li><p>Port działa od rana</p></li><li><a href='/2'>Nowy prom w porcie</a></li></ul>";
    let text = &read(&folder(&[("page.html", article_page("", list).as_bytes())])).articles[0].text;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&"• Ewakuowano 300 osób") && lines.contains(&"• Port działa od rana"), "{text}");
    assert!(!text.contains("• Nowy prom"), "{text}");
}

#[test]
fn captions_and_credits_stand_on_lines_of_their_own() {
    let figure = "<figure><img src='a.jpg'><figcaption>Port w 2024<span>Fot. AP</span></figcaption></figure>";
    let text = &read(&folder(&[("page.html", article_page("", figure).as_bytes())])).articles[0].text;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&"Port w 2024") && lines.contains(&"Fot. AP"), "{text}");
}
