{{ config(materialized='incremental', incremental_strategy='append') }}
select order_id, {{ var('turn', 1) }} as turn from {{ ref('stg_orders') }}
