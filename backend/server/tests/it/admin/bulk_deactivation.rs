//! Closing many accounts, which cannot be taken back: nobody is closed, or erased, who was not meant.

use kernel::id::UserId;
use serde_json::{Value, json};
use testkit::{Caller, TestApp};

use super::{
    app, attributes,
    bulk::{BULK, ask, counts, people, told},
    get, post,
};

/// How many events of this kind there are about somebody.
async fn events(admin: &Caller, kind: &str, user: UserId) -> u64 {
    let count = format!("/audit-events?filter[kind]={kind}&filter[user]={user}&count=only");
    get(admin, &count).await.json()["meta"]["count"].as_u64().unwrap()
}

/// The homeserver was asked to hide what the person has written.
fn is_erased(app: &TestApp, name: &str) -> bool {
    app.homeserver.user(name).is_some_and(|user| user.erased)
}

#[tokio::test]
async fn who_was_kept_on_purpose_is_erased_by_name_only() {
    let (app, admin) = app().await;
    let [kept, gone] = people(&app, ["spam-kept", "spam-gone"]).await;
    let keep = ask(&admin, json!({ "operation": "deactivateUser", "ids": [kept], "skip_erase": true })).await;
    assert_eq!(attributes(&keep)["skip_erase"], true);
    app.run_jobs().await;

    let asked = ask(&admin, json!({ "operation": "deactivateUser", "filter": { "search": "spam" } })).await;
    assert_eq!(attributes(&asked)["skip_erase"], false);
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &asked).await), (1, 1, 0));
    assert!(is_erased(&app, "spam-gone") && !is_erased(&app, "spam-kept"));
    assert_eq!(events(&admin, "user_erased", kept).await, 0);
    assert_eq!(events(&admin, "administered", kept).await, 1, "of this operation, none");

    let by_name = json!({ "operation": "deactivateUser", "ids": [kept, gone] });
    let asked = ask(&admin, by_name.clone()).await;
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &asked).await), (1, 1, 0), "the other one is erased already");
    assert!(is_erased(&app, "spam-kept"));
    assert_eq!(events(&admin, "user_erased", kept).await, 1);
    assert_eq!(events(&admin, "administered", kept).await, 2);
    let again = ask(&admin, by_name).await;
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &again).await), (0, 2, 0));
}

#[tokio::test]
async fn how_it_was_meant_is_told_and_written_down() {
    let (app, admin) = app().await;
    let [ada] = people(&app, ["ada"]).await;
    for (operation, skip_erase, include_self) in
        [("deactivateUser", true, true), ("deactivateUser", false, false), ("unlockUser", false, true)]
    {
        let mut body = json!({ "operation": operation, "ids": [ada], "include_self": include_self });
        if operation == "deactivateUser" {
            body["skip_erase"] = json!(skip_erase);
        }
        let asked = ask(&admin, body).await;
        let meant = |told: &Value| (told["skip_erase"].clone(), told["include_self"].clone());
        let expected = (json!(skip_erase), json!(include_self));
        assert_eq!(meant(&told(&admin, &asked).await), expected, "{operation}");
        let event = "/audit-events?filter[kind]=administered&page[last]=100";
        let events = get(&admin, event).await.json();
        let id = &asked.json()["data"]["id"];
        let event = events["data"].as_array().unwrap().iter().find(|event| {
            let target = event["attributes"]["data"]["target"].as_str().unwrap_or_default();
            target.ends_with(&format!("{BULK}/{}", id.as_str().unwrap()))
        });
        assert_eq!(meant(&event.unwrap()["attributes"]["data"]["after"]), expected, "{operation}");
    }
    post(&admin, &format!("/users/{ada}/unlock"), Value::Null).await.ok();
    app.run_jobs().await;
}
