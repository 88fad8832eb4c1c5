{{ config(materialized='incremental', incremental_strategy='insert_overwrite') }}
select order_id, {{ var('turn', 1) }} as turn from {{ ref('stg_orders') }}
{% if is_incremental() %}
where order_id = 1
{% endif %}
