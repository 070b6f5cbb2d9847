//! What is refused, where, and in which words.
use std::fs;

use serde_json::json;

use super::super::read;
use super::{Folder, reasons};

/// Rows with one thing wrong each, among right ones.
const WRONG: &[(&str, &str)] = &[
    (
        "organizations.csv",
        "id,name,description,email,parent_organization_id\no1,Harbour,,none,gone\no1,Again,,,\n,Nameless,,,\no3,,,,\n",
    ),
    (
        "services.csv",
        "id,organization_id,name,status,minimum_age\ns1,o1,Advice,active,\ns2,o9,Lost,active,\ns3,o1,Odd,open,\ns4,o1,Old,active,many\ns5,o1,Short\n",
    ),
    ("phones.csv", "id,service_id,number\np1,s1,111\np2,s2,222\np3,,333\np4,s1,\n"),
    (
        "schedules.csv",
        "id,service_id,freq,byday,opens_at\nh1,s1,WEEKLY,MO,09:00\nh2,s1,WEEKLY,Monday,09:00\nh3,s1,WEEKLY,MO,25:00\n",
    ),
    ("strange.csv", "a\n1\n"),
    ("broken.json", "{"),
    ("other.json", "{\"colour\": 1}"),
    ("list.json", r#"{"total_pages": 3, "page_number": 1, "contents": []}"#),
];

const REASONS: &[&str] = &[
    "broken.json:0:: The file is not valid JSON",
    "organizations.csv:2:email: “none” is not an e-mail address. The row is kept without it.",
    "organizations.csv:2:parent_organization_id: There is no organisation with the id “gone”, or it was refused itself. The row is kept without it.",
    "organizations.csv:3:id: The id stands already in row 2 of organizations.csv.",
    "organizations.csv:4:id: The organisation has no id, so nothing can refer to it.",
    "organizations.csv:5:name: Every organisation needs something in this column.",
    "other.json:1:: The record is neither",
    "phones.csv:3:service_id: There is no service with the id “s2”, or it was refused itself.",
    "phones.csv:4:: The phone does not say what it belongs to.",
    "phones.csv:5:number: Every phone needs something in this column.",
    "schedules.csv:3:byday: “Monday” is not days such as MO,TU or 2MO,-1FR.",
    "schedules.csv:4:opens_at: “25:00” is not a time of day such as 09:00.",
    "services.csv:3:organization_id: There is no organisation with the id “o9”, or it was refused itself.",
    "services.csv:4:status: “open” is not active, inactive, defunct or temporarily closed.",
    "services.csv:5:minimum_age: “many” is not a number from 0 to 150.",
    "services.csv:6:: The row has 3 cells where the heading has 5.",
    "strange.csv:0:: The file is not named after a table of HSDS that is read here.",
];

#[test]
fn each_refused_row_says_where_and_why() {
    let reading = Folder::with(WRONG).read();
    assert_eq!((reading.organisations.len(), reading.services.len()), (1, 1));
    assert_eq!((reading.services[0].phones.len(), reading.services[0].schedules.len()), (1, 1));
    let found = reasons(&reading);
    for line in REASONS {
        assert!(found.iter().any(|reason| reason.starts_with(line)), "{line}\n{found:#?}");
    }
    assert!(found.iter().any(|reason| reason.contains("Only 1 of the list's 3 pages")));
    assert_eq!(found.len(), REASONS.len() + 1, "{found:#?}");
}

#[test]
fn records_that_disagree_keep_the_first_and_say_so() {
    let named =
        |name: &str| json!({ "id": "s1", "name": name, "status": "active", "organization": { "id": "o1", "name": "Harbour" } });
    let folder =
        Folder::with(&[("a.json", &named("One").to_string()), ("b/c.json", &json!([named("Two"), named("One")]).to_string())]);
    let reading = folder.read();
    assert_eq!(reading.services[0].name.text, "One");
    assert_eq!(reasons(&reading), ["b/c.json:1:name: The same service says something else in record 1 of a.json; that is kept."]);
    assert_eq!(reading, folder.read());
}

#[test]
fn hostile_input_is_bounded() {
    let unsafe_link = json!({ "id": "o1", "name": "Bad", "description": "", "website": "javascript:alert(1)" }).to_string();
    let deep = "[".repeat(100_000);
    let nested = format!("{}{}", "{\"id\":\"o\",\"name\":\"x\",\"website\":\"\",\"services\":[".repeat(40), "]}".repeat(40));
    let long = format!("id,name,description\no2,{},\n", "x".repeat(60_000));
    let files = [
        ("a.json", unsafe_link.as_str()),
        ("b.json", &deep),
        ("c.json", &nested),
        ("organizations.csv", &long),
        ("d.csv", "\u{0}"),
    ];
    let folder = Folder::with(&files);
    fs::write(folder.0.join("services.csv"), b"id,organization_id,name,status\ns1,o1,\xff\xfe,active\n").unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.0.join("link.csv")).unwrap();
    let reading = folder.read();
    assert_eq!(reading.organisations.iter().find(|o| o.id.0 == "o1").unwrap().website, None);
    assert!(reading.services.is_empty());
    let found = reasons(&reading).join("\n");
    for part in ["a.json:1:website", "b.json:0", "nested too deeply", "longer than", "not UTF-8"] {
        assert!(found.contains(part), "{part}\n{found}");
    }
    assert!(!found.contains("link.csv"));
    assert!(read(&folder.0.join("absent.json")).is_err());
}
