//! The description of the REST face, assembled from what the rooms say of their calls (OpenAPI 3.1). What holds for every call is added
//! here once: the bearer token, `Idempotency-Key` on POST, `If-Match` on other writes, problem documents.
use axum::Json;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, Required, ResponseBuilder, Type,
};
use utoipa::{PartialSchema, ToSchema};

use super::problem::Problem;

/// The whole document over the rooms' parts.
pub fn assemble(parts: &[OpenApi]) -> OpenApi {
    let info = InfoBuilder::new().title("Throughcare").version(env!("CARGO_PKG_VERSION")).description(Some(
        "Case work and closed-loop referrals between organisations. What the token's owner may not see does not exist.",
    ));
    let mut document = OpenApiBuilder::new().info(info.build()).build();
    for part in parts {
        document.merge(part.clone());
    }
    let components = document.components.get_or_insert_with(Components::new);
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    document.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    for item in document.paths.paths.values_mut() {
        add_what_all_have(item);
    }
    document
}

/// GET /api/openapi.json
pub fn serve(document: &OpenApi) -> Response {
    Json(document).into_response()
}

fn add_what_all_have(item: &mut PathItem) {
    for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten() {
        add_problem(operation);
    }
    if let Some(post) = &mut item.post {
        add_header(post, "Idempotency-Key", "The same key with the same request gets the same answer again.", Required::False);
    }
    for write in [&mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten() {
        add_header(write, "If-Match", "The `ETag` of the version that you have read.", Required::True);
    }
}

fn add_problem(operation: &mut Operation) {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    let response = ResponseBuilder::new().description("What went wrong").content("application/problem+json", problem).build();
    operation.responses.responses.entry("default".to_owned()).or_insert_with(|| response.into());
}

fn add_header(operation: &mut Operation, name: &str, description: &str, required: Required) {
    let header: Parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build();
    operation.parameters.get_or_insert_with(Vec::new).push(header.into());
}
